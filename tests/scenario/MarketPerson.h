// Somebody in a marketplace who does at random what an app lets people do, remembers what they were told is done, and
// comes back to what was left open however often the app or a server was gone in between.
#pragma once

#include "app/embedded/AppNode.h"
#include "core/api/Treasury.h"

#include <QByteArray>
#include <QString>

#include <map>
#include <optional>
#include <random>
#include <set>

namespace tallylock::marketplace {

using api::Amount;
using api::Problem;
using money::Int128;
using SessionPtr = std::shared_ptr<api::Session>;

class Chance {
public:
    explicit Chance(std::uint64_t seed) : m_random(seed) {}
    std::uint64_t below(std::uint64_t end) { return m_random() % end; }
    bool oneIn(std::uint64_t n) { return below(n) == 0; }

private:
    std::mt19937_64 m_random;
};

/// How much of what is due somebody pays.
enum class Payment { Exact, InTwoParts, TooMuch, TooLittle, Nothing };

/// When somebody pays.
enum class Haste {
    AtOnce,
    AskedAnew, ///< once the quote has lapsed, and another one was asked for
    Late,      ///< once the quote has lapsed, and then they agree to what is asked for behind it
};

/// What somebody will do in a sale, drawn when they first see it.
struct Whim {
    Payment payment{};
    bool withdraws = false; ///< an offer that was not answered yet
    api::Claim claim{};
    std::optional<Haste> haste{};  ///< once there is something to pay
    bool hasLapsed = false;        ///< a quote of the sale
    std::optional<bool> objects{}; ///< once there is something to object to
    /// Of all that is due.
    bool meansToPay() const { return payment != Payment::Nothing && payment != Payment::TooLittle; }
};

/// How often somebody begins something. What has begun is always gone on with.
struct Budget {
    int files = 0;
    int offers = 0;
    int deposits = 0;
    int orders = 0;
    int changes = 0; ///< of orders
    int withdrawals = 0;
    bool isSpent() const { return files + offers + deposits + orders + changes + withdrawals == 0; }
};

/// What somebody was told is done, and so has to be there for ever.
struct Told {
    std::map<ListingId, std::string> listings; ///< by name
    std::map<SaleId, ListingId> offers;
    std::set<SaleId> accepted;
    std::set<SaleId> calledOff; ///< rejected or withdrawn
    std::set<SaleId> released;
    std::set<SaleId> objected;
    std::set<SaleId> asked;                    ///< what is due behind a quote that has lapsed
    std::map<SaleId, std::set<Int128>> agreed; ///< to pay so many coins in all
    std::set<OrderId> placed;
    std::set<OrderId> cancelled;
    std::map<std::uint64_t, Amount> withdrawals;
    std::map<SaleId, QString> opened; ///< to these files
    std::map<api::UnitId, Int128> deposited;
};

/// Beside the chances of everyday life.
enum class Trade {
    Ordinary,
    Dealer, ///< always bids for as many coins as sales will bring
};

class Person {
public:
    /// What somebody does not do any more, or does at once.
    enum class Mood { Busy, Finishing };

    /// `place`: among all people, who do not all begin with the same.
    Person(std::string called, std::size_t place, Trade trade, Budget budget, QString folder, std::uint64_t seed)
        : name(std::move(called)),
          m_trade(trade),
          m_budget(budget),
          m_folder(std::move(folder)),
          m_chance(seed),
          m_hasted(place) {}

    const std::string name;
    Mood mood = Mood::Busy;
    std::function<void()> onAsked; ///< something was begun
    std::function<void()> onTold;  ///< something was acknowledged

    /// The app has opened; it outlives the visit.
    void enter(SessionPtr session, api::Practice& practice);
    /// The app closes. What was asked is not answered any more.
    void leave();
    /// Does something, unless the last thing is still under way. Answers come on the caller's thread.
    void turn();

    bool isSpent() const { return m_budget.isSpent(); }
    /// Nothing that this person could do, or has asked for, is open.
    bool isAtRest() const;
    /// A sale that goes on without this person's doing, or waits for a deadline that is far away, is not in the way.
    bool isLeftAlone(const api::SaleRow& sale) const;
    /// Has seen a quote lapse for which they had meant to pay.
    bool hasLetLapse() const { return m_hasAsked || m_hasAgreed; }
    bool hasAsked() const { return m_hasAsked; }   ///< for another one, heard or not
    bool hasAgreed() const { return m_hasAgreed; } ///< to another one, heard or not
    /// A quote of now is about to lapse, or another one is on its way: something will happen by itself.
    bool awaitsQuote() const;
    /// What keeps this person from resting.
    std::string openMatters() const;
    /// A refusal that nobody should ever see.
    const std::string& alarm() const { return m_alarm; }

    const SessionPtr& session() const { return m_session; }
    const Told& told() const { return m_told; }
    const std::map<std::string, QByteArray>& files() const { return m_files; } ///< of each listing's name
    /// Offered for, told or not, and where the dollars were to come from.
    const std::map<ListingId, api::FundingMode>& wanted() const { return m_wanted; }
    int ordersAsked() const { return m_ordersAsked; }
    const std::map<api::UnitId, std::string>& places() const { return m_places; } ///< to deposit at
    const std::map<SaleId, std::pair<api::UnitId, std::string>>& wallets() const { return m_wallets; }
    const std::map<Problem, int>& refusals() const { return m_refusals; }

private:
    struct Deed;
    static const Deed kDeeds[];
    struct View {
        std::vector<api::SaleRow> sales;
        std::vector<api::ListingRow> listings;
        std::vector<api::LibraryRow> library;
        std::vector<api::OrderRow> orders;
        std::vector<api::DraftRow> drafts;
        std::vector<api::BalanceRow> balances;
        std::vector<api::WithdrawalRow> withdrawals;
        std::vector<api::PayoutAddressRow> addresses;
        std::vector<api::StatementRow> statement;
        std::map<SaleId, api::SaleDetail> toPay; ///< bought, and waiting for money
    };

    // Each begins something, or finds that there is nothing of the kind to do.
    bool seal();
    bool goOnWithDraft();
    bool answerOffer();
    bool answerDispute();
    bool offer();
    bool answerCounter();
    bool withdrawOffer();
    bool pay();
    bool answerQuote();
    bool unlock();
    bool judge();
    bool deposit();
    bool placeOrder();
    bool changeOrder();
    bool cancelOrder();
    bool withdraw();
    bool bid();

    void look();
    using Next = std::function<void()>;
    void lookIntoWallets(std::vector<SaleId> left, Next then);
    template <class T>
    Next seeing(std::vector<T> View::*rows, std::function<void(api::Done<std::vector<T>>)> ask, Next then);
    void act();
    /// Of a question in between.
    template <class T>
    api::Done<T> goingOn(std::function<void(const T&)> then);
    /// Of the last one: then this person is free again. Where it was not refused it is told.
    template <class T>
    api::Done<T> ending(std::function<void(const T&)> then, std::function<void()> refused = {});
    api::Done<void> ending(std::function<void()> then, std::function<void()> refused = {});
    void refuse(const api::Refusal& refusal);
    bool isOfNow(std::uint64_t visit) const { return visit == m_visit; }
    Whim& whimOf(SaleId sale);
    void payInto(SaleId sale, const Amount& due);
    void payFor(SaleId sale, const Amount& due, const Amount& paid);
    void bringCapital(const std::string& place);
    static Int128 toPay(Payment payment, const Int128& due, const Int128& paid, Int128 extra);
    api::OfferRequest offerFor(const api::ListingRow& listing);
    std::vector<const api::SaleRow*> salesIn(api::SaleRole role, std::initializer_list<api::SaleState> states) const;
    template <class T>
    const T& oneOf(const std::vector<T>& all) {
        return all[m_chance.below(all.size())];
    }

    const Trade m_trade;
    Budget m_budget;
    const QString m_folder;
    Chance m_chance;
    SessionPtr m_session;
    api::Practice* m_practice = nullptr;
    std::uint64_t m_visit = 0; ///< answers of an earlier one are passed over
    bool m_isBusy = false;
    bool m_isIdle = false; ///< at the last look there was nothing to do
    View m_view;
    Told m_told;
    std::map<std::string, QByteArray> m_files;
    std::map<SaleId, Whim> m_whims;
    std::map<ListingId, api::FundingMode> m_wanted;
    std::set<SaleId> m_notAcceptable;
    std::set<SaleId> m_answered;     ///< disputes
    std::map<SaleId, Int128> m_paid; ///< all that this person means to pay, when so much was due
    std::map<SaleId, std::pair<api::UnitId, std::string>> m_wallets;
    std::map<api::UnitId, std::string> m_places;
    int m_ordersAsked = 0;
    int m_offered = 0;
    std::size_t m_hasted; ///< and how many sales were to be paid
    bool m_hasAsked = false;
    bool m_hasAgreed = false;
    int m_judged = 0; ///< files
    std::map<Problem, int> m_refusals;
    std::string m_alarm;
};

template <class T>
api::Done<T> Person::goingOn(std::function<void(const T&)> then) {
    return [this, then = std::move(then), visit = m_visit](const api::Answer<T>& answer) {
        if (!isOfNow(visit)) return;
        if (answer) return then(*answer);
        m_isBusy = false;
        refuse(answer.error());
    };
}

template <class T>
api::Done<T> Person::ending(std::function<void(const T&)> then, std::function<void()> refused) {
    return [this, then = std::move(then), refused = std::move(refused), visit = m_visit](const api::Answer<T>& answer) {
        if (!isOfNow(visit)) return;
        m_isBusy = false;
        if (!answer) {
            refuse(answer.error());
            if (refused && answer.error().problem != Problem::StillUnderWay) refused();
            return;
        }
        then(*answer);
        if (onTold) onTold();
    };
}

} // namespace tallylock::marketplace
