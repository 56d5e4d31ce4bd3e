#include "core/rails/practice/PracticeWorld.h"

#include "core/crypto/Hash.h"
#include "core/rails/practice/PracticeCore.h"

namespace tallylock::rails {

using ports::StoreError;
using ports::StoreFailure;

PracticeWorld::Core::~Core() {
    // The journal ends on the thread that used it.
    std::promise<void> ended;
    if (m_thread.post([&] {
            m_journal.reset();
            ended.set_value();
        }))
        ended.get_future().wait();
    m_thread.stop();
}

Result<void, StoreFailure> PracticeWorld::Core::start() {
    std::promise<Result<void, StoreFailure>> opened;
    m_thread.post([&] { opened.set_value(open()); });
    return opened.get_future().get();
}

Result<void, StoreFailure> PracticeWorld::Core::open() {
    auto journal = m_options.openJournal();
    if (!journal) return Err(journal.error());
    m_journal = std::move(*journal);
    std::uint64_t broken = 0;
    auto read = m_journal->read(1, [&](std::uint64_t number, ByteView bytes) {
        const auto record = decodeCbor<PracticeRecord>(bytes);
        if (!record || !m_state.apply(*record)) broken = number;
        return broken == 0;
    });
    if (!read) return read;
    if (broken != 0) return Err(StoreFailure{StoreError::Damaged, "practice world, record " + std::to_string(broken)});
    scheduleBlock();
    return {};
}

Result<void, RailError> PracticeWorld::Core::happen(const PracticeRecord& record) {
    if (!m_state.fits(record)) return Err(RailError::Refused);
    if (!m_journal->append({encodeCbor(record)})) return Err(RailError::Unreachable);
    m_state.apply(record);
    scheduleBlock();
    return {};
}

void PracticeWorld::Core::scheduleBlock() {
    if (m_options.blockMs == 0 || m_blockComing || !m_state.somethingToConfirm()) return;
    m_blockComing = true;
    m_thread.postLater(m_options.blockMs, [this] {
        m_blockComing = false;
        if (m_journal && !happen(BlockMined{})) scheduleBlock();
    });
}

Hash PracticeWorld::Core::idOf(const std::string& kind, std::uint64_t number) const {
    return crypto::labelledHash("practice", crypto::cborList(m_options.seed, kind, number));
}

Result<std::string, RailError> PracticeWorld::Core::place(UnitId unit, const std::string& key,
                                                          const std::string& prefix) {
    if (const std::string* known = m_state.placeOf(unit, key)) return *known;
    const Hash hash = crypto::labelledHash("practice-place", crypto::cborList(m_options.seed, unit, key));
    const std::string made = prefix + toHex(hash.view().first(12));
    if (auto happened = happen(PlaceMade{unit, key, made}); !happened) return Err(happened.error());
    return made;
}

Result<DeedDone, RailError> PracticeWorld::Core::doOnce(const DeedDone& deed) {
    if (const DeedDone* done = m_state.deed(deed.sale, deed.deed)) {
        if (done->asked != deed.asked) return Err(RailError::Refused);
        return *done;
    }
    if (auto happened = happen(deed); !happened) return Err(happened.error());
    return deed;
}

PracticeWorld::PracticeWorld(std::unique_ptr<Core> core) : m_core(std::move(core)) {}
PracticeWorld::~PracticeWorld() = default;

Result<std::unique_ptr<PracticeWorld>, StoreFailure> PracticeWorld::start(PracticeOptions options) {
    auto core = std::make_unique<Core>(std::move(options));
    if (auto started = core->start(); !started) return Err(started.error());
    return std::unique_ptr<PracticeWorld>(new PracticeWorld(std::move(core)));
}

// --- chain ---------------------------------------------------------------------------------------------------------

static const money::Unit* unitOfKind(UnitId unit, money::UnitKind kind) {
    const money::Unit* found = money::findUnit(unit);
    return found && found->kind == kind ? found : nullptr;
}

static std::string lowerCase(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool PracticeChain::carries(UnitId unit) const { return unitOfKind(unit, money::UnitKind::Coin) != nullptr; }

Result<std::string, RailError> PracticeChain::expect(UnitId unit, const std::string& key) {
    const money::Unit* coin = unitOfKind(unit, money::UnitKind::Coin);
    if (!coin) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&] { return core.place(unit, key, "practice-" + lowerCase(coin->code) + "-"); });
}

Result<std::vector<ports::Sighting>, RailError> PracticeChain::observe(std::uint64_t cursor, std::size_t limit) {
    auto& core = *m_world.m_core;
    return core.ask(
        [&]() -> Result<std::vector<ports::Sighting>, RailError> { return core.state().sightings(cursor, limit); });
}

Result<std::string, RailError> PracticeChain::pay(const std::string& key, const std::string& to, const Amount& amount) {
    if (!carries(amount.unit)) return Err(RailError::UnknownUnit);
    if (to.empty()) return Err(RailError::Refused);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        if (const CoinsSent* sent = core.state().paidOut(key)) {
            if (sent->to != to || sent->amount != amount) return Err(RailError::Refused);
            return sent->transaction.hex();
        }
        const auto enough = money::notMoreThan(amount, core.state().balance(amount.unit));
        if (!enough || !*enough) return Err(RailError::Refused);
        const Hash id = core.idOf("transaction", core.state().payments() + 1);
        if (auto sent = core.happen(CoinsSent{id, to, amount, core.nowMs(), key}); !sent) return Err(sent.error());
        return id.hex();
    });
}

Result<Amount, RailError> PracticeChain::balance(UnitId unit) {
    if (!carries(unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<Amount, RailError> { return core.state().balance(unit); });
}

Result<std::string, RailError> PracticeChain::payTo(const std::string& address, const Amount& amount) {
    if (!carries(amount.unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        if (core.state().unitAt(address) != amount.unit) return Err(RailError::Refused);
        const Hash id = core.idOf("transaction", core.state().payments() + 1);
        if (auto sent = core.happen(CoinsSent{id, address, amount, core.nowMs(), {}}); !sent) return Err(sent.error());
        return id.hex();
    });
}

Result<Amount, RailError> PracticeWorld::sentTo(UnitId unit, const std::string& place) {
    return m_core->ask([&]() -> Result<Amount, RailError> { return m_core->state().sentTo(unit, place); });
}

Result<money::Amount, RailError> PracticeWorld::paidTo(money::UnitId unit, const std::string& place) {
    return m_core->ask([&]() -> Result<Amount, RailError> { return m_core->state().paidTo(unit, place); });
}

Result<void, RailError> PracticeChain::mine() {
    auto& core = *m_world.m_core;
    return core.ask([&] { return core.happen(BlockMined{}); });
}

Result<void, RailError> PracticeChain::reorganise(std::uint32_t depth) {
    auto& core = *m_world.m_core;
    return core.ask([&] { return core.happen(ChainReorganised{depth}); });
}

// --- bank ----------------------------------------------------------------------------------------------------------

bool PracticeBank::carries(UnitId unit) const { return unitOfKind(unit, money::UnitKind::Fiat) != nullptr; }

Result<std::string, RailError> PracticeBank::expect(UnitId unit, const std::string& key) {
    if (!carries(unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&] { return core.place(unit, key, "PRACTICE-"); });
}

Result<std::vector<ports::BankEntry>, RailError> PracticeBank::statement(std::uint64_t cursor, std::size_t limit) {
    auto& core = *m_world.m_core;
    return core.ask(
        [&]() -> Result<std::vector<ports::BankEntry>, RailError> { return core.state().statement(cursor, limit); });
}

Result<Amount, RailError> PracticeBank::balance(UnitId unit) {
    if (!carries(unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<Amount, RailError> { return core.state().balance(unit); });
}

Result<std::string, RailError> PracticeBank::pay(const std::string& key, const std::string& to, const Amount& amount) {
    if (!carries(amount.unit)) return Err(RailError::UnknownUnit);
    if (to.empty()) return Err(RailError::Refused);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        if (const MoneyPaid* paid = core.state().moneyPaid(key)) {
            if (paid->to != to || paid->amount != amount) return Err(RailError::Refused);
            return paid->id;
        }
        const std::string id = "practice-" + core.idOf("order", core.state().orders() + 1).hex().substr(0, 16);
        if (auto paid = core.happen(MoneyPaid{key, id, to, amount}); !paid) return Err(paid.error());
        return id;
    });
}

Result<std::string, RailError> PracticeBank::transfer(const std::string& reference, const Amount& amount) {
    if (!carries(amount.unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        const std::string id = "practice-" + core.idOf("line", core.state().entries() + 1).hex().substr(0, 16);
        if (auto booked = core.happen(MoneyBooked{id, reference, amount, core.nowMs()}); !booked)
            return Err(booked.error());
        return id;
    });
}

} // namespace tallylock::rails
