#include "core/party/Deliveries.h"

#include "core/asset/Arrival.h"
#include "core/asset/Edition.h"
#include "core/asset/PartFile.h"
#include "core/party/Core.h"
#include "core/party/Problems.h"

#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::DeliverySource;
using api::Problem;
using api::Refusal;
using asset::ArrivalError;
using asset::SealError;

static constexpr std::size_t kAhead = 4;  // portions that are asked for at once
static constexpr unsigned kMostWrong = 8; // portions that one giver may give wrong in a run

static Problem problemOfArrival(ArrivalError error) {
    switch (error) {
    case ArrivalError::InHand: return Problem::Busy;
    case ArrivalError::HashesWrong:
    case ArrivalError::PortionWrong: return Problem::SealedFileDamaged;
    case ArrivalError::Full: return Problem::DiskFull;
    case ArrivalError::Failed: return Problem::FileUnreadable;
    case ArrivalError::Interrupted: return Problem::Cancelled;
    }
    return Problem::Internal;
}
static Err<Refusal> arrivalRefusal(ArrivalError error) {
    return Err(Refusal{problemOfArrival(error), asset::nameOf(error)});
}

namespace {

/// One run of one file.
class Run {
public:
    Run(const DeliveryOrder& order, JobControl& control, const DeliveryNews& news)
        : m_order(order),
          m_control(control),
          m_news(news) {
        m_row.totalBytes = order.sealedSize;
    }

    Outcome<void> takeUp() {
        auto taken = open();
        if (!taken && taken.error().problem != Problem::Cancelled) m_row.problem = taken.error().problem;
        if (m_arrival) tell();
        return taken;
    }
    bool isWhole() const { return m_arrival->isWhole(); }
    /// The own disk, or the end of the program: the other giver would not help.
    bool isOurs() const { return m_isOurs; }

    Outcome<void> takeFrom(DeliverySource source, Giver& giver) {
        m_row.from = source;
        tell();
        auto taken = take(giver);
        if (const auto flushed = m_arrival->flush(); !flushed && taken) {
            m_isOurs = true;
            taken = arrivalRefusal(flushed.error());
        }
        m_row.from = DeliverySource::None;
        m_row.problem.reset();
        if (!taken && taken.error().problem != Problem::Cancelled) {
            m_row.failed = m_isOurs ? DeliverySource::None : source;
            m_row.problem = taken.error().problem;
        }
        tell();
        return taken;
    }

private:
    Outcome<void> open() {
        auto arrival = asset::Arrival::open(m_order.path, m_order.sealedRoot, m_order.sealedSize);
        if (!arrival) return arrivalRefusal(arrival.error());
        m_arrival = std::move(*arrival);
        if (m_arrival->hasHashes())
            if (auto read = reread(); !read) return read;
        std::error_code error;
        const fs::space_info space = fs::space(fs::path(m_order.path).parent_path(), error);
        if (!error && space.available < m_order.sealedSize - m_arrival->bytesThere())
            return Err(Refusal{Problem::DiskFull, {}});
        return {};
    }
    Outcome<void> reread() {
        const auto changed = m_arrival->reread(&m_control);
        if (!changed) return arrivalRefusal(changed.error());
        if (*changed != 0) m_row.problem = Problem::FileChanged;
        return {};
    }
    void tell() {
        m_row.bytesThere = m_arrival->bytesThere();
        m_row.whole = m_arrival->isWhole();
        m_news(m_row);
    }

    // Whose portions the hashes are shows with portion 0, so until it is there they come from whoever gives it.
    Outcome<void> takeHashes(Giver& giver) {
        if (m_arrival->hasHashes() && m_arrival->has(0)) return {};
        auto hashes = giver.hashes();
        if (!hashes) return Err(hashes.error());
        if (const auto begun = m_arrival->begin(std::move(*hashes)); !begun) {
            m_isOurs = begun.error() != ArrivalError::HashesWrong;
            return arrivalRefusal(begun.error());
        }
        auto read = reread();
        m_isOurs = !read.ok();
        return read;
    }

    Outcome<void> take(Giver& giver) {
        if (auto begun = takeHashes(giver); !begun) return begun;
        const asset::PortionLayout layout = m_arrival->layout();
        std::uint64_t next = 0;
        std::size_t inFlight = 0;
        unsigned wrong = 0;
        Outcome<void> outcome;
        for (;;) {
            for (; next < m_arrival->portions() && inFlight < kAhead; ++next) {
                if (m_arrival->has(next)) continue;
                giver.ask({next, layout.offsetOf(next), layout.sizeOf(next)});
                ++inFlight;
            }
            if (inFlight == 0) return outcome;
            const Giver::Given given = giver.next();
            --inFlight;
            if (!given.portion) {
                m_isOurs = given.portion.error().problem == Problem::Cancelled;
                return Err(given.portion.error());
            }
            if (given.index >= m_arrival->portions()) return Err(Refusal{Problem::Malformed, "no such portion"});
            if (const auto kept = keep(given.index, *given.portion); !kept) {
                outcome = kept;
                if (m_isOurs || given.index == 0 || ++wrong == kMostWrong) return outcome;
            }
        }
    }
    Outcome<void> keep(std::uint64_t index, const Bytes& portion) {
        const std::uint64_t before = m_arrival->bytesThere();
        const auto put = m_arrival->put(index, portion);
        if (put) {
            std::uint64_t& sum = m_row.from == DeliverySource::Seller ? m_row.fromSeller : m_row.fromStore;
            sum += m_arrival->bytesThere() - before;
            tell();
            return {};
        }
        if (put.error() != ArrivalError::PortionWrong) {
            m_isOurs = true;
            return arrivalRefusal(put.error());
        }
        if (index == 0) m_arrival->forgetHashes();
        return Err(Refusal{Problem::SealedFileDamaged, "portion " + std::to_string(index)});
    }

    const DeliveryOrder& m_order;
    JobControl& m_control;
    const DeliveryNews& m_news;
    std::unique_ptr<asset::Arrival> m_arrival;
    api::DeliveryRow m_row;
    bool m_isOurs = false;
};

} // namespace

Outcome<void> receiveSealed(const DeliveryOrder& order, Giver* seller, Giver& store, JobControl& control,
                            const DeliveryNews& news) {
    Run run(order, control, news);
    if (auto begun = run.takeUp(); !begun) return begun;
    Outcome<void> taken;
    if (!run.isWhole() && seller) taken = run.takeFrom(DeliverySource::Seller, *seller);
    if (!run.isWhole() && !run.isOurs()) taken = run.takeFrom(DeliverySource::FileStore, store);
    if (run.isWhole()) return {};
    return taken ? Outcome<void>(Err(Refusal{Problem::FileUnreadable, {}})) : taken;
}

// --- of all sales ----------------------------------------------------------------------------------------------------

DeliveryOrder Deliveries::orderOf(const engine::SaleChanged& sale) const {
    const engine::Terms& terms = *sale.terms;
    const fs::path folder = fs::path(m_core.setup().folder) / "arrived";
    return {sale.sale, terms.sealedRoot, terms.sealedSize, sale.sellerKeys.identity,
            (folder / (terms.sealedRoot.hex() + ".age")).string()};
}

Outcome<void> Deliveries::receive(const DeliveryOrder& order, JobControl& control) {
    StoreGiver store(m_core.files(), order, control);
    std::optional<SellerGiver> seller;
    if (m_core.setup().peers) seller.emplace(*m_core.setup().peers, order, control);
    return receiveSealed(order, seller ? &*seller : nullptr, store, control, [&](const api::DeliveryRow& row) {
        m_core.poster().post([this, sale = order.sale, row] { note(sale, row); });
    });
}

static bool mayBeMended(SealError error) {
    return error != SealError::PlainMismatch && error != SealError::RecipientMismatch && error != SealError::WrongKey &&
           error != SealError::WriteFailed && error != SealError::Cancelled && error != SealError::Interrupted;
}

Outcome<void> Deliveries::open(const DeliveryOrder& order, const asset::EditionClaim& claim,
                               const keys::EditionSecrets& secrets, const std::string& path, const asset::Work& work) {
    for (bool isMended = false;; isMended = true) {
        if (isMended || !asset::Arrival::isMarkedWhole(order.path, order.sealedRoot, order.sealedSize))
            if (auto received = receive(order, *work.control); !received) return received;
        const auto opened = asset::openEditionFile(order.path, path, secrets, claim, work);
        if (opened) return {};
        if (isMended || !mayBeMended(opened.error()))
            return Err(Refusal{problemOf(opened.error()), asset::nameOf(opened.error())});
    }
}

std::optional<api::DeliveryRow> Deliveries::row(SaleId sale) const {
    const auto found = m_rows.find(sale);
    if (found != m_rows.end()) return found->second;
    const FileArrived* arrived = m_core.diary().arrived(sale);
    if (!arrived) return std::nullopt;
    api::DeliveryRow row;
    row.bytesThere = row.totalBytes = arrived->bytes;
    row.fromSeller = arrived->fromSeller;
    row.fromStore = arrived->fromStore;
    row.whole = true;
    return row;
}

void Deliveries::note(SaleId sale, const api::DeliveryRow& row) {
    m_rows[sale] = row;
    if (row.whole && !m_core.diary().arrived(sale))
        m_core.diary().putLater(FileArrived{sale, row.totalBytes, row.fromSeller, row.fromStore});
    m_core.changed(api::Topic::Sales);
}

} // namespace tallylock::party
