#include "core/party/Party.h"

#include "core/party/Inside.h"
#include "core/party/Marks.h"

namespace tallylock::party {

using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;

// --- life ----------------------------------------------------------------------------------------------------------

Party::Inside::Inside(Setup setup)
    : profileName(setup.profileName),
      identityKey(setup.identity.key()),
      reachability(setup.reachability),
      outward(setup.executor),
      core(std::make_unique<Core>(std::move(setup), outward, worker.poster(), jobs)) {
    if (reachability) reachability->watch([to = outward] { to.changed(api::Topic::Servers); });
}

Party::Inside::~Inside() {
    if (reachability) reachability->watch({});
    outward.close();
    end();
}

// Jobs first: they read what the core holds. The core ends on the worker, to which its journal belongs.
void Party::Inside::end() {
    if (ended) return;
    ended = true;
    jobs.stop();
    worker.stop([this] { core.reset(); });
}

Party::Party(Setup setup) : m_inside(std::make_unique<Inside>(std::move(setup))) {}
Party::~Party() = default;

void Party::end() { m_inside->end(); }

void Party::start(Done<void> done) {
    m_inside->worker.poster().post(
        [inside = m_inside.get(), reply = m_inside->outward.reply(std::move(done))] { inside->core->start(reply); });
}

std::string Party::profileName() const { return m_inside->profileName; }
std::string Party::fingerprint() const { return keys::Fingerprint::of(identityKey()).text(); }
std::string Party::fingerprintWords() const { return keys::Fingerprint::of(identityKey()).words(); }
IdentityKey Party::identityKey() const { return m_inside->identityKey; }
void Party::watch(std::function<void(api::Topic)> changed) { m_inside->outward.watch(std::move(changed)); }
void Party::servers(Done<std::vector<api::ReachedServerRow>> done) {
    static_assert(static_cast<int>(api::ServerRole::kCount) == static_cast<int>(ports::ServerRole::kCount));
    static_assert(static_cast<int>(api::ReachState::kCount) == static_cast<int>(ports::ReachState::kCount));
    std::vector<api::ReachedServerRow> rows;
    if (m_inside->reachability) {
        for (const ports::ReachedServer& one : m_inside->reachability->servers())
            rows.push_back({static_cast<api::ServerRole>(one.role), static_cast<api::ReachState>(one.state),
                            one.address, one.detail});
    }
    m_inside->outward.reply(std::move(done))(std::move(rows));
}
void Party::historyCheck(Done<api::HistoryCheckRow> done) {
    m_inside->call<api::HistoryCheckRow>(
        std::move(done), [](Core& core, const Done<api::HistoryCheckRow>& reply) { reply(core.witnesses().row()); });
}

// --- selling -------------------------------------------------------------------------------------------------------

namespace {

class ControlledJob final : public api::Job {
public:
    explicit ControlledJob(ControlPointer control) : m_control(std::move(control)) {}
    void cancel() override { m_control->cancel(); }
    void pause() override { m_control->pause(); }
    void resume() override { m_control->resume(); }

private:
    ControlPointer m_control;
};

/// Hands on the newest progress, and no second one before the first was seen.
class ProgressPost {
public:
    ProgressPost(Outward outward, std::function<void(api::JobProgress)> told)
        : m_outward(std::move(outward)),
          m_told(std::move(told)) {}
    void operator()(std::uint64_t doneBytes, std::uint64_t totalBytes) const {
        if (!m_told || m_underWay->exchange(true)) return;
        m_outward.run([told = m_told, underWay = m_underWay, doneBytes, totalBytes] {
            *underWay = false;
            told({doneBytes, totalBytes});
        });
    }

private:
    Outward m_outward;
    std::function<void(api::JobProgress)> m_told;
    std::shared_ptr<std::atomic<bool>> m_underWay = std::make_shared<std::atomic<bool>>(false);
};

} // namespace

std::shared_ptr<api::Job> Party::seal(api::SellRequest request, std::function<void(api::JobProgress)> progress,
                                      Done<api::DraftRow> done) {
    const ControlPointer control = newControl();
    ProgressPost post(m_inside->outward, std::move(progress));
    m_inside->call<api::DraftRow>(std::move(done), [request = std::move(request), control,
                                                    post](Core& core, const Done<api::DraftRow>& reply) {
        core.seller().seal(
            request, control, [post](std::uint64_t doneBytes, std::uint64_t total) { post(doneBytes, total); }, reply);
    });
    return std::make_shared<ControlledJob>(control);
}
std::shared_ptr<api::Job> Party::resumeSealing(Hash assetId, std::function<void(api::JobProgress)> progress,
                                               Done<api::DraftRow> done) {
    const ControlPointer control = newControl();
    ProgressPost post(m_inside->outward, std::move(progress));
    m_inside->call<api::DraftRow>(std::move(done), [assetId, control, post](Core& core,
                                                                            const Done<api::DraftRow>& reply) {
        core.seller().resumeSealing(
            assetId, control, [post](std::uint64_t doneBytes, std::uint64_t total) { post(doneBytes, total); }, reply);
    });
    return std::make_shared<ControlledJob>(control);
}
std::shared_ptr<api::Job> Party::sellAnotherCopy(Hash assetId, std::function<void(api::JobProgress)> progress,
                                                 Done<api::DraftRow> done) {
    const ControlPointer control = newControl();
    ProgressPost post(m_inside->outward, std::move(progress));
    m_inside->call<api::DraftRow>(
        std::move(done), [assetId, control, post](Core& core, const Done<api::DraftRow>& reply) {
            core.whenSynced([&core, assetId, control, post, reply] {
                core.seller().sellAnotherCopy(
                    assetId, control, [post](std::uint64_t doneBytes, std::uint64_t total) { post(doneBytes, total); },
                    reply);
            });
        });
    return std::make_shared<ControlledJob>(control);
}

void Party::drafts(Done<std::vector<api::DraftRow>> done) {
    m_inside->query<std::vector<api::DraftRow>>(std::move(done),
                                                [](RowMaker&, Core& core) { return core.seller().drafts(); });
}
void Party::discardDraft(Hash assetId, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [assetId](Core& core, const Done<void>& reply) { core.seller().discard(assetId, reply); });
}
void Party::publish(Hash assetId, Done<ListingId> done) {
    m_inside->call<ListingId>(std::move(done), [assetId](Core& core, const Done<ListingId>& reply) {
        core.whenSynced([&core, assetId, reply] { core.seller().publish(assetId, reply); });
    });
}
void Party::acceptOffer(SaleId sale, api::Amount price, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, price](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, price, reply] { core.seller().accept(sale, price, reply); });
    });
}
void Party::rejectOffer(SaleId sale, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [sale](Core& core, const Done<void>& reply) { core.seller().reject(sale, reply); });
}
void Party::counterOffer(SaleId sale, api::Amount price, std::int64_t expiresInMs, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, price, expiresInMs](Core& core, const Done<void>& reply) {
        core.whenSynced(
            [&core, sale, price, expiresInMs, reply] { core.seller().counter(sale, price, expiresInMs, reply); });
    });
}

// --- buying --------------------------------------------------------------------------------------------------------

void Party::listings(Done<std::vector<api::ListingRow>> done) {
    m_inside->query<std::vector<api::ListingRow>>(std::move(done),
                                                  [](RowMaker& rows, Core&) { return rows.listings(); });
}
void Party::makeOffer(api::OfferRequest request, Done<SaleId> done) {
    m_inside->call<SaleId>(std::move(done), [request](Core& core, const Done<SaleId>& reply) {
        core.whenSynced([&core, request, reply] { core.buyer().makeOffer(request, reply); });
    });
}
void Party::withdrawOffer(SaleId sale, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [sale](Core& core, const Done<void>& reply) { core.buyer().withdraw(sale, reply); });
}
void Party::renewOffer(SaleId sale, api::OfferRequest request, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, request](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, request, reply] { core.buyer().renew(sale, request, reply); });
    });
}
void Party::askQuote(SaleId sale, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [sale](Core& core, const Done<void>& reply) { core.buyer().askQuote(sale, reply); });
}
void Party::agreeToQuote(SaleId sale, api::Amount coins, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, coins](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, coins, reply] { core.buyer().agreeToQuote(sale, coins, reply); });
    });
}
void Party::raiseDispute(SaleId sale, api::Claim claim, std::string text, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, claim, text = std::move(text)](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, claim, text, reply] { core.buyer().raiseDispute(sale, claim, text, reply); });
    });
}
void Party::stateInDispute(SaleId sale, std::string text, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, text = std::move(text)](Core& core, const Done<void>& reply) {
        core.stateInDispute(sale, text, reply);
    });
}
void Party::decideDispute(SaleId sale, api::Amount toBuyer, std::string reason, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [sale, toBuyer, reason = std::move(reason)](Core& core, const Done<void>& reply) {
                             core.commandOnly(engine::DecideDispute{sale, toBuyer, reason}, reply);
                         });
}
void Party::releaseHoldback(SaleId sale, Done<void> done) {
    m_inside->call<void>(std::move(done),
                         [sale](Core& core, const Done<void>& reply) { core.buyer().releaseHoldback(sale, reply); });
}
void Party::setPayee(SaleId sale, api::PayeeRow payee, Done<void> done) {
    m_inside->call<void>(std::move(done), [sale, payee = std::move(payee)](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, payee, reply] { core.seller().setPayee(sale, payee, reply); });
    });
}
void Party::sales(Done<std::vector<api::SaleRow>> done) {
    m_inside->query<std::vector<api::SaleRow>>(std::move(done), [](RowMaker& rows, Core&) { return rows.sales(); });
}
void Party::sale(SaleId sale, Done<api::SaleDetail> done) {
    m_inside->querySale<api::SaleDetail>(sale, std::move(done),
                                         [](RowMaker& rows, const KnownSale& known) { return rows.detail(known); });
}
void Party::evidence(SaleId sale, Done<Bytes> done) {
    m_inside->call<Bytes>(std::move(done), [sale](Core& core, const Done<Bytes>& reply) {
        core.whenSynced([&core, sale, reply] { core.trails().evidence(sale, reply); });
    });
}

void Party::receipts(SaleId sale, Done<std::vector<api::ReceiptRow>> done) {
    m_inside->querySale<std::vector<api::ReceiptRow>>(
        sale, std::move(done), [](RowMaker& rows, const KnownSale& known) { return rows.receipts(known); });
}

void Party::custody(Hash assetId, Done<std::vector<api::CustodyRow>> done) {
    m_inside->query<std::vector<api::CustodyRow>>(std::move(done),
                                                  [assetId](RowMaker& rows, Core&) { return rows.custody(assetId); });
}

void Party::spotCheck(SaleId sale, std::string folder, Done<api::SpotCheckRow> done) {
    m_inside->call<api::SpotCheckRow>(
        std::move(done), [sale, folder](Core& core, const Done<api::SpotCheckRow>& reply) {
            core.whenSynced([&core, sale, folder, reply] { core.buyer().spots().check(sale, folder, reply); });
        });
}

// --- library -------------------------------------------------------------------------------------------------------

void Party::library(Done<std::vector<api::LibraryRow>> done) {
    m_inside->query<std::vector<api::LibraryRow>>(std::move(done),
                                                  [](RowMaker& rows, Core&) { return rows.library(); });
}
void Party::fetchKeysAgain(SaleId sale, Done<std::vector<api::KeyPartRow>> done) {
    using Rows = std::vector<api::KeyPartRow>;
    m_inside->call<Rows>(std::move(done), [sale](Core& core, const Done<Rows>& reply) {
        core.whenSynced([&core, sale, reply] { core.buyer().parts().fetchAgain(sale, reply); });
    });
}
void Party::enterSecondPassword(SaleId sale, SecretBytes words, Done<void> done) {
    const auto kept = std::make_shared<const SecretBytes>(std::move(words));
    m_inside->call<void>(std::move(done), [sale, kept](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, sale, kept, reply] { core.buyer().parts().enterSecond(sale, *kept, reply); });
    });
}
void Party::secondPasswordWords(SaleId sale, Done<std::shared_ptr<const SecretBytes>> done) {
    using Words = std::shared_ptr<const SecretBytes>;
    m_inside->call<Words>(std::move(done), [sale](Core& core, const Done<Words>& reply) {
        core.whenSynced([&core, sale, reply] {
            const KnownSale* known = core.replica().sale(sale);
            if (!known) return reply(Err(Refusal{Problem::SaleUnknown, {}}));
            reply(core.buyer().parts().wordsOf(*known));
        });
    });
}
void Party::courier(SaleId sale, Done<api::CourierRow> done) {
    m_inside->call<api::CourierRow>(std::move(done), [sale](Core& core, const Done<api::CourierRow>& reply) {
        core.whenSynced([&core, sale, reply] { core.buyer().courier().state(sale, reply); });
    });
}
void Party::setCourier(SaleId sale, api::PartTwoWay way, std::string address, Done<api::CourierRow> done) {
    m_inside->call<api::CourierRow>(std::move(done), [sale, way, address](Core& core,
                                                                          const Done<api::CourierRow>& reply) {
        core.whenSynced([&core, sale, way, address, reply] { core.buyer().courier().set(sale, way, address, reply); });
    });
}
std::shared_ptr<api::Job> Party::unlock(SaleId sale, std::string path, std::function<void(api::JobProgress)> progress,
                                        Done<api::LibraryRow> done) {
    const ControlPointer control = newControl();
    const ProgressPost post(m_inside->outward, std::move(progress));
    m_inside->call<api::LibraryRow>(
        std::move(done), [sale, path, control, post](Core& core, const Done<api::LibraryRow>& reply) {
            core.whenSynced([&core, sale, path, control, post, reply] {
                core.buyer().unlock(sale, path, control, post, [&core, sale, reply](const Answer<std::string>& opened) {
                    if (!opened) return reply(Err(opened.error()));
                    const auto row = RowMaker(core).libraryRow(*core.replica().sale(sale));
                    if (!row) return reply(Err(Refusal{Problem::SaleWrongState, {}}));
                    reply(*row);
                });
            });
        });
    return std::make_shared<ControlledJob>(control);
}

std::shared_ptr<api::Job> Party::verifyOpened(SaleId sale, std::function<void(api::JobProgress)> progress,
                                              Done<void> done) {
    const ControlPointer control = newControl();
    const ProgressPost post(m_inside->outward, std::move(progress));
    m_inside->call<void>(std::move(done), [sale, control, post](Core& core, const Done<void>& reply) {
        core.buyer().verifyOpened(sale, control, post, reply);
    });
    return std::make_shared<ControlledJob>(control);
}

void Party::markCopy(SaleId sale, std::string path, Done<std::string> done) {
    m_inside->call<std::string>(std::move(done), [sale, path](Core& core, const Done<std::string>& reply) {
        markOwnCopy(core, sale, path, reply);
    });
}

} // namespace tallylock::party
