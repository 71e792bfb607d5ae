import type { Script } from "../../scenario.ts";
import { HAND_OVER, introduce, pickOwner, type Scenario, type Stage } from "./scenario.ts";

/** Questions that an article answers, by the article's topic. */
const QUESTIONS: Readonly<Record<string, string>> = {
  age_limit: "How old must my daughter be to open an account?",
  apple_pay_or_google_pay: "Does Google Pay work with your cards?",
  country_support: "In which countries do you open accounts?",
  exchange_rate: "Where do your exchange rates come from?",
  top_up_limits: "What is the maximum that I can top up?",
  transfer_timing: "How long do transfers to Norway take?",
  visa_or_mastercard: "Will I get a Visa or a Mastercard?",
};

function ask(stage: Stage): Script {
  const [topic, question] = stage.random.pick(Object.entries(QUESTIONS));
  const { customer } = pickOwner(stage);
  return { message: question, user: customer.customer_id, expectation: { actions: [], outputs: [stage.data.articles[topic]?.text ?? ""] } };
}

function askForPerson(stage: Stage): Script {
  const { customer } = pickOwner(stage);
  const story = stage.random.pick([
    "I want to speak to a manager.",
    "Please close my account.",
    "I got married, please change my name.",
    "This is a complaint.",
  ]);
  return {
    message: `${story} ${introduce(stage, customer)}`,
    user: customer.customer_id,
    expectation: { actions: [HAND_OVER], outputs: [] },
  };
}

/** A message outside of everything the rules can plan for. */
function askForTheImpossible(stage: Stage): Script {
  const { customer } = pickOwner(stage);
  const message = stage.random.pick([
    "Please walk my dog while I am away.",
    "Wie wird das Wetter morgen?",
    "Which horse will win on Sunday?",
  ]);
  return { message, user: customer.customer_id };
}

/** Tasks that change nothing, and one that must end as a dead letter. */
export const OTHER_SCENARIOS: readonly Scenario[] = [
  { name: "Ask a question", weight: 4, write: ask },
  { name: "Ask the bank for a person", weight: 2, write: askForPerson },
  { name: "Ask the bank for the impossible", weight: 1, write: askForTheImpossible },
];
