// What the buyer asks of the key server about the way of part 2: straight over its link, and kept nowhere here. The key
// server keeps the wish, and the coordinator hears of nothing.
#pragma once

#include "core/api/Session.h"
#include "core/party/KeyParts.h"

namespace tallylock::party {

class Core;

/// Worker thread.
class CourierWish {
public:
    explicit CourierWish(Core& core) : m_core(core) {}
    void set(SaleId sale, api::PartTwoWay way, const std::string& address, const api::Done<api::CourierRow>& done);
    void state(SaleId sale, const api::Done<api::CourierRow>& done);

private:
    /// The key server that keeps the parts, and the terms that it knows them by.
    struct Place {
        Server& server;
        Hash terms;
    };
    api::Answer<Place> placeOf(SaleId sale) const;
    static void answer(const Place& place, const wire::Request& request, const api::Done<api::CourierRow>& done);

    Core& m_core;
};

} // namespace tallylock::party
