#include "core/engine/EngineState.h"

#include <algorithm>

namespace tallylock::engine {

namespace {
constexpr std::uint64_t kStateFormat = 8;
constexpr std::uint64_t kManyItems = std::uint64_t{1} << 40;

template <class Map>
void writeValues(CborWriter& w, const Map& map) {
    w.array(map.size());
    for (const auto& [key, value] : map) writeCbor(w, value);
}

/// Unlike a message, a state may hold any number of items; the input's size still bounds them.
template <class F>
void readItems(CborReader& r, F&& readOne) {
    const std::uint64_t count = r.array(kManyItems);
    for (std::uint64_t i = 0; i < count && r.ok(); ++i) readOne();
}
} // namespace

void Engine::State::save(CborWriter& w) const {
    w.array(sellsOnOwnBook() ? 21 : 20);
    w.unsignedInt(kStateFormat);
    writeCbor(w, config);
    w.signedInt(nowMs);
    ledger.save(w);
    parties.save(w);
    treasury.save(w);
    withdrawals.save(w);
    market.save(w);
    deadMen.save(w);
    watch.save(w);
    w.array(holderKeys.size());
    for (const auto& [holder, keys] : holderKeys) {
        w.array(2);
        writeCbor(w, holder);
        writeCbor(w, keys);
    }
    writeValues(w, listings);
    writeValues(w, sales);
    w.array(3);
    w.unsignedInt(lastListing);
    w.unsignedInt(lastSale);
    w.unsignedInt(lastInstruction);
    const std::vector<EffectOpened> effects = openEffects();
    w.array(effects.size());
    for (const auto& effect : effects) writeCbor(w, effect);
    w.array(identifiersWanted.size());
    for (const auto& wanted : identifiersWanted) writeCbor(w, wanted);
    w.array(lostPayments.size());
    for (const auto& lost : lostPayments) writeCbor(w, lost);
    std::vector<std::pair<IdentityKey, const Replies*>> sorted;
    for (const Device& device : devices.all()) sorted.emplace_back(device.key, &device.replies);
    std::sort(sorted.begin(), sorted.end());
    w.array(sorted.size());
    for (const auto& [key, replies] : sorted) {
        w.array(2);
        writeCbor(w, key);
        w.array(replies->size());
        for (std::uint32_t i = 0; i < replies->size(); ++i) writeCbor(w, replies->row(i));
    }
    w.array(keptRecords.size());
    for (const auto& [owner, count] : keptRecords) {
        w.array(2);
        writeCbor(w, owner);
        w.unsignedInt(count);
    }
    if (sellsOnOwnBook()) writeValues(w, coinStocks);
    w.boolean(true); // whole
}

Result<std::unique_ptr<Engine::State>, CborError> Engine::State::load(CborReader& r) {
    const std::uint64_t parts = r.array(21);
    if (r.unsignedInt() != kStateFormat) r.fail(CborError::UnknownKey);
    const auto config = readCbor<Config>(r);
    if (!r.ok()) return Err(r.error());
    auto state = std::make_unique<State>(config);
    if (parts != (state->sellsOnOwnBook() ? 21u : 20u)) return Err(CborError::WrongType);
    state->nowMs = r.signedInt();
    const auto room = [&](auto& member) {
        if (!r.ok()) return;
        auto loaded = std::decay_t<decltype(member)>::load(r);
        if (loaded) {
            member = std::move(*loaded);
        } else {
            r.fail(loaded.error());
        }
    };
    room(state->ledger);
    room(state->parties);
    room(state->treasury);
    room(state->withdrawals);
    room(state->market);
    room(state->deadMen);
    room(state->watch);
    readItems(r, [&] {
        if (r.array(2) != 2) r.fail(CborError::WrongType);
        const auto holder = readCbor<HolderId>(r);
        state->holderKeys.emplace_hint(state->holderKeys.end(), holder, readCbor<PartyKeys>(r));
    });
    readItems(r, [&] {
        const auto listing = readCbor<Listing>(r);
        state->listings.emplace(listing.id, listing);
    });
    readItems(r, [&] {
        auto sale = readCbor<OpenSale>(r);
        state->sales.emplace(sale.view.sale, std::move(sale));
    });
    if (r.array(3) != 3) r.fail(CborError::WrongType);
    state->lastListing = r.unsignedInt();
    state->lastSale = r.unsignedInt();
    state->lastInstruction = r.unsignedInt();
    readItems(r, [&] {
        const auto effect = readCbor<EffectOpened>(r);
        if (!r.ok()) return;
        OpenSale* sale = state->findSale(effect.sale);
        if (!sale) return r.fail(CborError::NotCanonical); // nobody could ever answer it
        sale->effects.push_back({++state->lastEffect, effect.effect, effect.attempt});
    });
    readItems(r, [&] { state->identifiersWanted.push_back(readCbor<IdentifierWanted>(r)); });
    readItems(r, [&] { state->lostPayments.push_back(readCbor<LostPayment>(r)); });
    readItems(r, [&] {
        if (r.array(2) != 2) r.fail(CborError::WrongType);
        const auto key = readCbor<IdentityKey>(r);
        if (!r.ok()) return;
        if (state->devices.find(key)) return r.fail(CborError::NotCanonical);
        Device& device = state->devices.add(key);
        const Replies& replies = device.replies;
        readItems(r, [&] {
            const auto one = readCbor<RememberedReply>(r);
            const bool rises = replies.empty() || one.counter > replies.lastCounter();
            if (r.ok() && (!rises || replies.size() == Replies::kMost)) r.fail(CborError::NotCanonical);
            if (r.ok()) state->devices.remember(device, one.counter, one.hash.bytes, one.reply);
        });
    });
    readItems(r, [&] {
        if (r.array(2) != 2) r.fail(CborError::WrongType);
        const auto owner = readCbor<IdentityKey>(r);
        state->keptRecords.emplace_hint(state->keptRecords.end(), owner, r.unsignedInt());
    });
    if (state->sellsOnOwnBook()) {
        readItems(r, [&] {
            const auto stock = readCbor<CoinStock>(r);
            state->coinStocks.emplace(stock.left.unit, stock);
        });
    }
    if (!r.boolean()) r.fail(CborError::WrongType);
    if (!r.ok()) return Err(r.error());
    state->index();
    return state;
}

} // namespace tallylock::engine
