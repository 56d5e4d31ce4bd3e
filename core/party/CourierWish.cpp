#include "core/party/CourierWish.h"

#include "core/party/Core.h"
#include "core/party/Problems.h"

namespace tallylock::party {

using api::Answer;
using api::CourierRow;
using api::Problem;
using api::Refusal;

/// The same enumerators in the same order on both sides of the link.
template <class To, class From>
static To sameOf(From value) {
    static_assert(static_cast<int>(To::kCount) == static_cast<int>(From::kCount));
    return static_cast<To>(value);
}

static CourierRow rowOf(const wire::CourierState& state) {
    CourierRow row;
    row.offersMail = state.offersMail;
    row.offersCard = state.offersCard;
    row.way = sameOf<api::PartTwoWay>(state.way);
    row.address = state.address;
    row.stage = sameOf<api::CourierStage>(state.stage);
    row.failure = sameOf<api::CourierFailure>(state.failure);
    row.attempts = state.attempts;
    row.timeMs = state.timeMs;
    return row;
}

Answer<CourierWish::Place> CourierWish::placeOf(SaleId sale) const {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return Err(Refusal{Problem::SaleUnknown, {}});
    if (known->last.buyerKeys.identity != m_core.identity().key()) return Err(Refusal{Problem::SaleNotYours, {}});
    if (!known->last.terms || !known->last.keyReceipt) return Err(Refusal{Problem::KeyPartsMissing, {}});
    return Place{m_core.buyer().parts().serverOf(known->last), termsHash(*known->last.terms)};
}

void CourierWish::answer(const Place& place, const wire::Request& request, const api::Done<CourierRow>& done) {
    place.server.ask<wire::CourierState>(request, [done](const Result<wire::CourierState, wire::Problem>& state) {
        if (!state) return done(Err(Refusal{problemOf(state.error().problem), {}}));
        done(rowOf(*state));
    });
}

void CourierWish::set(SaleId sale, api::PartTwoWay way, const std::string& address, const api::Done<CourierRow>& done) {
    const auto place = placeOf(sale);
    if (!place) return done(Err(place.error()));
    if (address.size() > wire::kMostCourierAddress) return done(Err(Refusal{Problem::AddressInvalid, {}}));
    answer(*place, wire::SetCourier{place->terms, sameOf<wire::PartTwoWay>(way), address}, done);
}

void CourierWish::state(SaleId sale, const api::Done<CourierRow>& done) {
    const auto place = placeOf(sale);
    if (!place) return done(Err(place.error()));
    answer(*place, wire::CourierQuery{place->terms}, done);
}

} // namespace tallylock::party
