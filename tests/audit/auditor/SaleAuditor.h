// Audits sales: reads the bytes that go into the engine and come out of it, and checks after every step what
// docs/sale-table.md and docs/decisions/no-dead-ends.md promise, from a table of its own. Includes nothing of core.
#pragma once

#include "tests/audit/auditor/Auditor.h"

#include <functional>

namespace tallylock::audit {

enum class SaleInvariant {
    EdgesAsListed,           ///< a sale moves along the edges of the table, each by the command that it belongs to
    SignedByWhomItTakes,     ///< nobody acts for another
    StepsOnce,               ///< each of the fourteen, but for those that a payment which left the chain undoes
    ProofBeforePayment,      ///< the seller is paid when the key is verified, the file delivered, and escrow funded
    PaymentBeforeKey,        ///< no part of the key leaves before the seller is paid
    PaidOnce,                ///< the seller
    EveryCentIsAccountedFor, ///< what came in is with whom each end promises it, and nothing is left in the sale
    DeadlinesFire,           ///< a state that is not an end has one, and it fires when it is due
    RefusedChangesNothing,   ///< no event comes from a refusal
    EverySaleEnds,
    SavingChangesNothing,  ///< an engine that was saved and loaded goes on as the one that was not
    LookedAt,              ///< what was held back is not paid before the buyer has had its time to look
    DecidedByWhomItTakes,  ///< a dispute, in whose turn it is, and as silence would where nobody does
    StartsFromItsDisk,     ///< whatever a crash has left there
    AcknowledgedIsKept,    ///< what somebody was told has happened is there after a crash, in its place
    WholeOrNothing,        ///< of what nobody was told, a crash leaves all of a batch or none of it
    CoinsSoldOnce,         ///< the house's stock is what sales have brought less what its orders have sold
    QuoteHolds,            ///< what is paid is what the buyer has signed, while it held
    RefundsGoWhereAsked,   ///< coins that come back go to the address that the offer names, all of them and no others
    OutagesCountForNobody, ///< what waits for the coordinator has as much longer as it was away; nothing else has
    kCount
};
const char* nameOf(SaleInvariant invariant);

struct SaleViolation {
    SaleInvariant invariant;
    std::string what;
};

/// Of accounts that only sales have; their number is in Account::ref.
enum SalePurpose : unsigned { SaleFunds = 1, Escrow = 2 };

[[noreturn]] void violate(SaleInvariant invariant, std::uint64_t sale, const std::string& what);
void require(bool holds, SaleInvariant invariant, std::uint64_t sale, const char* what);

/// Whose command, and which.
struct CommandName {
    std::string signer; ///< 32 bytes
    std::uint64_t counter = 0;
    bool operator==(const CommandName&) const = default;
};

class SaleAuditor {
public:
    /// Whether this key has signed these bytes. All three as they stand in the messages.
    using Verify = std::function<bool(const std::string& key, const Bytes& said, const std::string& signature)>;
    SaleAuditor(const Bytes& config, Verify verify);
    static constexpr std::uint64_t kTime = UINT64_MAX; ///< no command: a deadline
    enum class Who { Buyer, Seller, EitherParty, KeyServer, StandbyServer, Coordinator, Arbiter };

    /// Nothing: all is well. After a violation the auditor is of no more use. A step without a command only tells the
    /// time.
    std::optional<SaleViolation> audit(const Step& step);
    /// The senders of these have been told that they have happened.
    void acknowledged(std::uint64_t batch, std::vector<CommandName> commands);
    /// After a crash, in which `underWay` was being written or nothing: the journal ends with this batch, and these are
    /// the commands of its last batches.
    std::optional<SaleViolation> recovered(std::uint64_t lastBatch, const std::vector<std::vector<CommandName>>& found,
                                           const std::vector<CommandName>& underWay) const;
    /// Once nothing more will happen.
    std::optional<SaleViolation> auditEnd() const;

    /// How many sales have ended in each state.
    const std::map<std::uint64_t, std::uint64_t>& ends() const { return m_ends; }
    /// Times that coins which came back have gone on to where the offer has said.
    std::uint64_t sentBack() const { return m_sentBack; }
    /// Orders of the house that have sold coins of sales.
    std::uint64_t coinSales() const { return m_coinSales; }
    /// Sales in which only the ownership passed, and that were completed.
    std::uint64_t ownersMade() const { return m_ownersMade; }
    /// Sales whose own coins have brought the seller's dollars, and that were completed.
    std::uint64_t conversions() const { return m_conversions; }
    /// And those of which B9 was undone, since the payment had left the chain.
    std::uint64_t conversionsUndone() const { return m_conversionsUndone; }
    /// Sales with digital dollars or coins in escrow whose seller was paid.
    std::uint64_t digitalPaid() const { return m_digitalPaid; }
    std::uint64_t coinsPaid() const { return m_coinsPaid; }
    /// Quotes that have lapsed, and sales that were completed by another one.
    std::uint64_t quotesLapsed() const { return m_quotesLapsed; }
    std::uint64_t soldByNewQuote() const { return m_soldByNewQuote; }
    /// Deadlines that an outage has made longer.
    std::uint64_t extensions() const { return m_extensions; }

private:
    struct Sale {
        std::uint64_t state = 0;
        std::uint64_t deadlineMs = 0;
        std::uint64_t buyer = 0;
        std::uint64_t seller = 0;
        std::uint64_t payee = 0; ///< the seller, or whom the seller has named
        std::string buyersKey;
        std::string sellersKey;
        std::map<std::uint64_t, std::uint64_t> steps; ///< how often, of this attempt
        std::uint64_t attempt = 1;
        bool hasKeyReceipt = false;
        bool isDelivered = false;
        bool isRekeyed = false; ///< the standby has taken over
        bool isCounted = false; ///< as delivered: it lay in the store for as long as there was to fetch it
        bool isSettled = false;
        bool comesEarly = false;     ///< part 1 of the key, with the file
        bool staysWhereItIs = false; ///< the file: the seller's word who owns it is the delivery
        bool sellsItsCoins = false;  ///< at B9, for the seller's dollars
        std::uint64_t escrowed = 0;  ///< what B9 puts into escrow: 0 dollars, 1 digital dollars, 2 the quoted coins
        Whole coinsSold = 0;         ///< so, and not undone since
        Whole surplus = 0;           ///< what that has brought above the price, in all attempts: the buyer's
        Whole due = 0;               ///< coins, by the quote
        bool quoteLapsed = false;    ///< now
        bool wasRequoted = false;
        bool isSigned = false; ///< by the buyer, for what is due
        bool isPaid = false;   ///< and seen
        bool isPaidLate = false;
        bool wasFunded = false;
        std::uint64_t payouts = 0;
        Whole price = 0;
        Whole fee = 0;
        Whole holdback = 0;
        unsigned coin = 0;
        std::int64_t awayMs = 0;                         ///< the coordinator, since it is disputed
        Whole toBuyer = 0;                               ///< of the holdback, in a dispute that was decided
        std::map<Account, Whole> moved;                  ///< by all entries that name the sale
        std::map<std::uint64_t, std::string> signatures; ///< that were checked, by field
    };

    void hearTime(const Step& step);
    void hear(const std::vector<Told>& events, const Step& step, bool byTime);
    void hearChange(const Item& body, const Step& step, bool byTime);
    static bool hasOwner(const Sale& sale, const Item& body);
    void hearDispute(Sale& sale, std::uint64_t id, std::uint64_t state, const Item& dispute, const Step& step,
                     bool byTime);
    void hearReceipt(const Item& body);
    bool mayAct(const Sale& sale, Who who, const Step& step) const;
    void hearEntry(const Item& body);
    // SaleAuditorCoins.cpp
    void hearStock(const Item& body);
    void checkStocks() const;
    void hearCoinsSold(Sale& sale, std::uint64_t id, const Item& body, bool isFunded, bool isUndone);
    void checkFunding(Sale& sale, std::uint64_t id, Whole sold);
    void checkUndone(const Sale& sale, std::uint64_t id, Whole sold);
    void checkHeld(const Sale& sale, std::uint64_t id, bool isInEscrow, bool isPaid) const;
    void checkPayout(const Sale& sale, std::uint64_t id);
    Whole ofStep(const Account& account) const;
    // SaleAuditorQuotes.cpp
    static std::int64_t cameMs(const Step& step);
    static std::int64_t momentOf(const Step& step);
    static bool quoteLapses(const Sale& sale, const Item& body, const Step& step);
    void hearQuote(Sale& sale, std::uint64_t id, const Item& body, const Step& step, std::uint64_t command);
    static void checkPaid(Sale& sale, std::uint64_t id);
    // SaleAuditorRefunds.cpp
    void hearOffer(const Sale& sale, std::uint64_t id, const Step& step);
    void hearPayment(const Step& step);
    void hearCameBack(std::uint64_t id, const Item& entry);
    void hearSentBack(const Item& withdrawal);
    void checkSentBack();
    // SaleAuditorSignatures.cpp
    void checkSignatures(Sale& sale, std::uint64_t id, const Item& body);
    // SaleAuditor.cpp
    void hearPayee(const Item& body, const Step& step, bool byTime);
    void checkEdge(const Sale& sale, std::uint64_t id, const Item& body, const Step& step, bool byTime);
    void checkMoney(const Sale& sale, std::uint64_t id) const;
    Whole at(const Sale& sale, const Account& account) const;

    std::map<std::uint64_t, std::vector<CommandName>> m_acknowledged; ///< by batch
    Verify m_verify;
    std::string m_coordinator;
    std::string m_keyServer;
    std::string m_standby; ///< empty: nobody takes over
    unsigned m_dollars = 0;
    unsigned m_digital = 0; ///< the digital dollar; 0: none
    std::string m_arbiter;
    std::vector<std::string> m_deputies;
    std::int64_t m_disputeMs = 0;
    std::int64_t m_deputyMs = 0;
    std::int64_t m_timeMs = 0;          ///< of the last step
    std::int64_t m_outageMs = 0;        ///< an outage is longer; 0: there are none
    std::int64_t m_batchMs = 0;         ///< when the last batch was made
    std::set<std::uint64_t> m_extended; ///< sales of which that is to be told
    std::uint64_t m_extensions = 0;
    std::map<std::uint64_t, Sale> m_sales; ///< open ones
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_deadlines;
    std::map<std::uint64_t, std::uint64_t> m_ends;
    bool m_sellsCoins = false;                ///< on the coordinator's own book
    std::map<unsigned, Whole> m_coins;        ///< the treasury's, by the entries
    std::map<unsigned, Whole> m_stocks;       ///< as they are told
    std::map<unsigned, Whole> m_madeGood;     ///< coins that were sold at B9, and whose payment has left the chain
    std::map<Account, Whole> m_ofStep;        ///< moved by the command that is heard of
    std::map<unsigned, Whole> m_tradedOfStep; ///< the treasury's part of that in no sale's name
    struct Refund {
        Account from;         ///< the buyer's, where they arrive
        std::uint64_t to = 0; ///< the address, by its number
    };
    std::map<std::uint64_t, std::uint64_t> m_escrowAsked; ///< by sale, as the buyer's last offer says
    std::map<std::uint64_t, Refund> m_refunds;            ///< by sale; of those that are over, too
    std::map<std::uint64_t, Whole> m_cameBack;            ///< by sale, of one step, and not sent on yet
    std::string m_payment;                                ///< that the step tells of; empty: of none
    bool m_isReversed = false;
    Whole m_left = 0;                         ///< of that payment
    std::map<std::uint64_t, Whole> m_kept;    ///< by sale, of such a step: withdrawals that were called off
    std::map<std::uint64_t, Whole> m_resent;  ///< and those that have begun in their place
    std::set<std::string> m_creditedPayments; ///< ever
    std::uint64_t m_sentBack = 0;
    std::uint64_t m_coinSales = 0;
    std::uint64_t m_conversions = 0;
    std::uint64_t m_conversionsUndone = 0;
    std::uint64_t m_digitalPaid = 0;
    std::uint64_t m_coinsPaid = 0;
    std::uint64_t m_ownersMade = 0;
    std::uint64_t m_quotesLapsed = 0;
    std::uint64_t m_soldByNewQuote = 0;
};

} // namespace tallylock::audit
