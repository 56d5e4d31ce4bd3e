// The joint between the calls of a Party and its worker. Not for other rooms.
#pragma once

#include "core/party/Party.h"
#include "core/party/RowMaker.h"

namespace tallylock::party {

struct Party::Inside {
    explicit Inside(Setup setup);
    ~Inside();
    /// Once; later calls are answered with Stopping.
    void end();

    /// Runs `body` on the worker, unless the party has failed or too much is waiting.
    template <class T>
    void call(api::Done<T> done, std::function<void(Core&, const api::Done<T>&)> body) {
        auto reply = outward.reply(std::move(done));
        if (ended) return reply(Err(api::Refusal{api::Problem::Stopping, {}}));
        const bool posted = worker.poster().postBounded(kMostWaiting, [this, reply, body = std::move(body)] {
            if (const auto& failure = core->failure()) return reply(Err(*failure));
            body(*core, reply);
        });
        if (!posted) reply(Err(api::Refusal{api::Problem::Busy, {}}));
    }
    /// The same after the replica has caught up.
    template <class T>
    void query(api::Done<T> done, std::function<T(RowMaker&, Core&)> rows) {
        call<T>(std::move(done), [rows = std::move(rows)](Core& inner, const api::Done<T>& reply) {
            inner.whenSynced([&inner, reply, rows] {
                RowMaker maker(inner);
                reply(rows(maker, inner));
            });
        });
    }
    /// The same about one sale.
    template <class T>
    void querySale(SaleId sale, api::Done<T> done, std::function<T(RowMaker&, const KnownSale&)> rows) {
        call<T>(std::move(done), [sale, rows = std::move(rows)](Core& inner, const api::Done<T>& reply) {
            inner.whenSynced([&inner, sale, reply, rows] {
                const KnownSale* known = inner.replica().sale(sale);
                if (!known) return reply(Err(api::Refusal{api::Problem::SaleUnknown, {}}));
                RowMaker maker(inner);
                reply(rows(maker, *known));
            });
        });
    }

    static constexpr std::size_t kMostWaiting = 10'000;
    const std::string profileName;
    const IdentityKey identityKey;
    const std::shared_ptr<ports::Reachability> reachability;
    Outward outward;
    Loop worker;
    Jobs jobs;
    std::unique_ptr<Core> core; // made here, then the worker's
    bool ended = false;
};

} // namespace tallylock::party
