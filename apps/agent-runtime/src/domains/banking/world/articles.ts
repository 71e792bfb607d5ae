import { CARD_LIMITS, DELIVERY_DAYS } from "../policy.ts";

/** The bank's answers to questions that need no customer data, by intent. */
export const ARTICLES: Readonly<Record<string, string>> = {
  age_limit: "You can open an account from your 18th birthday on.",
  apple_pay_or_google_pay: "Add your card in the wallet of your phone, and confirm it in our app. Topping up by either costs nothing.",
  atm_support: "Every machine that shows the sign of your card's network gives you cash.",
  automatic_top_up: "Choose Top up, then Automatic, and say below which balance how much is to be added.",
  beneficiary_not_allowed: "We cannot send to some banks and countries. The app says so when you enter the payee.",
  card_acceptance: "Your card is accepted wherever its network is.",
  country_support: "We open accounts for people who live in the European Economic Area.",
  disposable_card_limits: `A disposable card's number changes after each payment. You may have ${CARD_LIMITS.virtual} virtual cards.`,
  exchange_charge: "Exchanging is free up to €1,000 a month, and costs 0.5 % beyond.",
  exchange_rate: "We exchange at the interbank rate of the moment. The app shows it before you confirm.",
  exchange_via_app: "Choose Exchange, the two currencies and the amount.",
  fiat_currency_support: "You can hold euros, and exchange into 25 other currencies.",
  receiving_money: "Give the sender your IBAN, which the app shows under Account details. Salaries are welcome.",
  supported_cards_and_currencies: "You can top up by any debit or credit card in euros.",
  top_up_by_cash_or_cheque: "We take neither cash nor cheques.",
  top_up_limits: "You can top up €5,000 a day.",
  topping_up_by_card: "Choose Top up, then Card. The money is there at once.",
  transfer_into_account: "Send it to your IBAN, which the app shows under Account details.",
  transfer_timing: "Within Europe a transfer takes a working day, elsewhere up to five.",
  verify_my_identity: "The app asks for a photo of your passport and one of your face. It takes ten minutes.",
  visa_or_mastercard: `You choose between the two when you order. A card travels for ${DELIVERY_DAYS} days.`,
  why_verify_identity: "The law asks every bank to know its customers.",
};
