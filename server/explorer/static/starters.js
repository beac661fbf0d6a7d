// The first tabs: a whole payment from nothing, each ready to run.

const PROBLEM = "... on Problem { code message nextStep field retry }";
const PASSWORD = "harbour-lantern-42";

const DOCUMENTS = {
  register: `mutation Register($input: RegisterInput!) {
  register(input: $input) {
    ... on Registered {
      person {
        id
        accountName
        displayName
        contacts { kind value isVerified }
      }
    }
    ${PROBLEM}
  }
}
`,
  signIn: `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    ... on SignedIn {
      person { accountName displayName }
      tokens { accessToken refreshToken accessExpiresAt }
    }
    ${PROBLEM}
  }
}
`,
  settle: `mutation Settle($wallet: OpenWalletInput!, $pin: SetPinInput!) {
  openWallet(input: $wallet) {
    ... on WalletOpened { wallet { id currency } }
    ${PROBLEM}
  }
  setPin(input: $pin) {
    ... on PinSaved { pin { isSet } }
    ${PROBLEM}
  }
}
`,
  topUp: `mutation TopUp($input: TopUpInput!) {
  topUp(input: $input) {
    ... on TopUpStarted {
      topUp { id status amount { display } }
    }
    ${PROBLEM}
  }
}
`,
  look: `query Look($language: Language = EN) {
  me {
    displayName
    wallets {
      id
      currency
      headSeq
      balance {
        available { display(locale: $language) }
        held { amountMinor }
      }
      movements(first: 5) {
        edges {
          node {
            id
            status
            direction
            amount { display(locale: $language) }
            counterparty { name }
            note
            createdAt
            failure { title nextStep }
          }
        }
      }
    }
  }
}
`,
  prepare: `mutation Prepare($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    ... on TransferPrepared {
      quote {
        id
        total { display }
        fee { display }
        payee { maskedName isMerchant }
        isNewPayee
        expiresAt
      }
      challenge { id methods }
    }
    ${PROBLEM}
  }
}
`,
  confirm: `mutation Confirm($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) {
    ... on TransferCompleted {
      transfer {
        id
        status
        amount { display }
        counterparty { name }
        settledAt
      }
    }
    ... on TransferPending { transfer { id status arrivesAt } }
    ... on TransferFailed {
      transfer { failure { title detail nextStep retry } }
    }
    ${PROBLEM}
  }
}
`,
  watch: `subscription Watch($walletId: ID!, $after: Sequence) {
  walletEvents(walletId: $walletId, after: $after) {
    __typename
    ... on MovementChanged {
      seq
      at
      status
      movement {
        id
        direction
        amount { display }
        counterparty { name }
        note
      }
    }
    ... on StreamHeartbeat { head }
    ... on StreamReset { head }
  }
}
`,
  empty: "",
};

/** The tabs of a server; a sandbox has nobody in it yet, so its first person has to settle in. */
export function starters({ mode, people, password, pin = "246810" }) {
  const isDemo = mode === "demo";
  const name = isDemo ? people[0].name : "{register.register.person.accountName}";
  const variables = {
    register: { input: newcomer() },
    signIn: { input: { name, password: password ?? PASSWORD } },
    settle: { wallet: { currency: "CNY" }, pin: { pin } },
    topUp: { input: filling() },
    look: { language: "{language}" },
    prepare: { input: payment(isDemo ? "{neighbour}" : "bob") },
    confirm: { input: confirmation(pin) },
    watch: { walletId: "{look.me.wallets.0.id}", after: "{look.me.wallets.0.headSeq}" },
    empty: {},
  };
  const ids = Object.keys(DOCUMENTS).filter((id) => !isDemo || !["settle", "topUp"].includes(id));
  return ids.map((id) => ({
    id,
    document: DOCUMENTS[id],
    variables: JSON.stringify(variables[id], null, 2),
  }));
}

function newcomer() {
  return {
    accountName: "guest-{random}",
    displayName: "Grace Hopper",
    email: "guest-{random}@town.example",
    password: PASSWORD,
    locale: "EN",
    timeZone: "Europe/London",
  };
}

function payment(accountName) {
  return {
    walletId: "{look.me.wallets.0.id}",
    payee: { accountName },
    amount: money("{look.me.wallets.0.currency}", 1250),
    note: "tea",
  };
}

function filling() {
  return {
    walletId: "{settle.openWallet.wallet.id}",
    amount: money("CNY", 100_00),
    idempotencyKey: "top-up-1",
  };
}

function confirmation(pin) {
  return {
    quoteId: "{prepare.prepareTransfer.quote.id}",
    challengeId: "{prepare.prepareTransfer.challenge.id}",
    proof: { pin },
    idempotencyKey: "pay-{prepare.prepareTransfer.quote.id}",
  };
}

function money(currency, amountMinor) {
  return { amountMinor, currency };
}
