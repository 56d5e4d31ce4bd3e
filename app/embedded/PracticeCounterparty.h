// The practice counterparty: somebody to trade with when nobody else is there. It plays one person, on a profile of its
// own, through core/api alone; its name says Practice wherever people see it.
//
// It keeps two samples listed, accepts fair offers for them and asks for more where they are low, makes offers for what
// others list, pays on the practice rail and unlocks what it bought, answers an objection and has the practice arbiter
// split what was held back, and keeps a few orders on both sides of every market.
//
// Threads: everything happens on its own thread, which is also its session's executor.
#pragma once

#include "core/api/Session.h"
#include "core/base/TaskThread.h"

#include <map>
#include <set>

namespace tallylock::app {

class PracticeCounterparty {
public:
    /// Both are called on the counterparty's thread, with its executor.
    using OpenSession = std::function<api::Answer<std::shared_ptr<api::Session>>(api::Executor)>;
    using OpenPractice = std::function<std::unique_ptr<api::Practice>(api::Executor)>;
    /// Decides a dispute as the practice node's arbiter.
    using Decide = std::function<void(SaleId, const api::Amount& toBuyer, const std::string& reason)>;
    /// `workFolder` exists: its samples are made there. `started` is called on its thread.
    PracticeCounterparty(OpenSession openSession, OpenPractice openPractice, Decide decide, std::string workFolder,
                         api::Done<void> started);
    /// Ends at once; what was under way goes on at the next start.
    ~PracticeCounterparty();

private:
    void start(const OpenSession& openSession, const OpenPractice& openPractice, const api::Done<void>& started);
    void lookSoon();
    void lookLater();
    void look();

    void tendListings();
    void listSample(const std::string& fileName);
    void offerFor(const std::vector<api::ListingRow>& listings, const std::vector<api::SaleRow>& sales);
    void tendSales();
    void judgeOffer(const api::SaleRow& sale);
    void judgeCounter(const api::SaleRow& sale);
    void pay(const api::SaleRow& sale);
    void beContent(const api::SaleRow& sale);
    void answerDispute(const api::SaleRow& sale);
    void arbitrate(const api::SaleRow& sale);
    void tendLibrary();
    void tendFunds();
    void tendMarkets();
    void quote(const api::InstrumentRow& market, const std::vector<api::OrderRow>& orders);

    /// True once for each thing to do; again after `done` of it.
    bool begin(const std::string& deed) { return m_underWay.insert(deed).second; }
    void end(const std::string& deed) { m_underWay.erase(deed); }
    template <class T>
    api::Done<T> ending(const std::string& deed) {
        return [this, deed](const api::Answer<T>&) { end(deed); };
    }

    Decide m_decide;
    std::string m_workFolder;
    std::shared_ptr<api::Session> m_session;
    std::unique_ptr<api::Practice> m_practice;
    std::set<std::string> m_underWay;
    std::set<ListingId> m_offered;
    std::set<SaleId> m_paid;
    std::map<money::UnitId, money::Int128> m_available;
    bool m_lookComing = false;
    TaskThread m_thread;
};

} // namespace tallylock::app
