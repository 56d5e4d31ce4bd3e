#include "core/store/ReplicaProjector.h"

#include "core/store/PostgresConnection.h"
#include "core/store/Schema.h"

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {

class ReplicaTables final : public ports::Projector {
public:
    explicit ReplicaTables(PostgresPlace place) : m_where(std::move(place)) {}

    Done look() {
        auto seen = seenPlace();
        if (seen) m_place = *seen;
        if (!seen) m_connection.reset();
        return seen ? Done() : Done(Err(seen.error()));
    }

    ports::ProjectedPlace standsAt() const override { return m_place; }
    Done project(std::span<const ports::ProjectedBatch> batches) override {
        if (m_areOthers) {
            m_place = batches.back().place;
        } else {
            (void)look(); // a replica refuses a question now and then: the next one will do
        }
        return {};
    }
    /// They are of another history: what is told is believed, and whoever takes over makes them anew.
    Done clear() override {
        m_areOthers = true;
        m_place = {};
        return {};
    }

    Result<std::vector<wire::HistoryRow>, StoreFailure> history(HolderId, const wire::HistoryQuery&) override {
        return Err(none());
    }
    Result<wire::BookSnapshot, StoreFailure> book(const wire::BookQuery&) override { return Err(none()); }
    Result<wire::CandlePage, StoreFailure> candles(const wire::CandleQuery&) override { return Err(none()); }
    Result<std::vector<wire::StreamItem>, StoreFailure> stream(HolderId, std::uint64_t, std::size_t) override {
        return Err(none());
    }
    Result<std::optional<ports::EventPlace>, StoreFailure> placeOf(HolderId, std::uint64_t) override {
        return Err(none());
    }
    Result<ports::HistoryBatch, StoreFailure> historyBatch(std::uint64_t) override { return Err(none()); }
    Result<Hash, StoreFailure> historyNode(unsigned, std::uint64_t) override { return Err(none()); }
    Result<std::optional<ports::OwedDay>, StoreFailure> owedDay() override { return Err(none()); }
    Result<std::vector<ports::OwedRow>, StoreFailure> owed(std::uint32_t, const ports::OwedRow&, std::size_t) override {
        return Err(none());
    }

private:
    static StoreFailure none() { return {StoreError::ReadOnly, "whoever stands by has no tables"}; }

    /// Tables that are missing, or another version's, will be made anew by whoever takes over: they stand nowhere.
    Result<ports::ProjectedPlace, StoreFailure> seenPlace() {
        if (!m_connection) {
            auto opened = postgres::Connection::open(m_where);
            if (!opened) return Err(opened.error());
            m_connection = std::move(*opened);
        }
        ports::ProjectedPlace place;
        const auto there =
            postgres::askNumber(*m_connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'tallylock_tables' "
                                               "AND tablename IN ('place', 'version')");
        if (!there) return Err(there.error());
        if (*there != 2) return place;
        const auto rows =
            m_connection->ask("SELECT batch, sequence, head FROM tallylock_tables.place, tallylock_tables.version "
                              "WHERE version = " +
                              std::to_string(kProjectionVersion));
        if (!rows) return Err(rows.error());
        if (PQntuples(rows->get()) != 1) return place;
        const auto head = Hash::from(postgres::bytesAt(*rows, 0, 2));
        if (head) place = {postgres::numberAt(*rows, 0, 0), postgres::numberAt(*rows, 0, 1), *head};
        return place;
    }

    PostgresPlace m_where;
    std::unique_ptr<postgres::Connection> m_connection;
    ports::ProjectedPlace m_place;
    bool m_areOthers = false;
};

} // namespace

Result<std::unique_ptr<ports::Projector>, StoreFailure> ReplicaProjector::open(const PostgresPlace& place) {
    auto tables = std::make_unique<ReplicaTables>(place);
    if (const auto looked = tables->look(); !looked) return Err(looked.error());
    return std::unique_ptr<ports::Projector>(std::move(tables));
}

} // namespace tallylock::store
