// B8 at the buyer: a sealed file comes into the own folder, portion by portion, from the seller's app or the file
// store, and is opened from there. See docs/decisions/direct-delivery.md.
//
// A run takes up what earlier ones have left, asks the seller's app first, and goes to the file store for what is
// missing then. Either may fail anywhere; what was proven stays.
#pragma once

#include "core/party/Givers.h"

namespace tallylock::party {

class Core;

/// What a run tells while it goes on.
using DeliveryNews = std::function<void(const api::DeliveryRow&)>;

/// Job thread. Done when every portion is there and proven in this run. `seller` may be null. Otherwise: Busy (another
/// run has it in hand), DiskFull, Cancelled, or what the last of the two has failed with.
Outcome<void> receiveSealed(const DeliveryOrder& order, Giver* seller, Giver& store, JobControl& control,
                            const DeliveryNews& news);

/// Worker thread, but receive() and open(), which are a job thread's.
class Deliveries {
public:
    explicit Deliveries(Core& core) : m_core(core) {}

    /// A sale with terms.
    DeliveryOrder orderOf(const engine::SaleChanged& sale) const;
    Outcome<void> receive(const DeliveryOrder& order, JobControl& control);
    /// Opens what has arrived, and lets come first what has not, or what the disk has changed since.
    Outcome<void> open(const DeliveryOrder& order, const asset::EditionClaim& claim,
                       const keys::EditionSecrets& secrets, const std::string& path, const asset::Work& work);
    /// How far it is; nothing before it has begun.
    std::optional<api::DeliveryRow> row(SaleId sale) const;

private:
    void note(SaleId sale, const api::DeliveryRow& row);

    Core& m_core;
    std::map<SaleId, api::DeliveryRow> m_rows;
};

} // namespace tallylock::party
