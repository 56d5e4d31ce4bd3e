#include "app/cli/MarketReplay.h"

#include "core/money/Decimal.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace tallylock::cli {

using market::OrderType;
using market::Side;
using money::Amount;
using money::Int128;

namespace {
constexpr std::string_view kHeaderIn = "seq,account,action,order_id,side,type,price,quantity,stop_price";
constexpr std::string_view kHeaderOut = "seq,event,order_id,counter_order_id,price,quantity,remaining,reason\n";
constexpr std::string_view kHeaderFunds = "account,unit,amount";
constexpr std::size_t kMostLine = 4096;
constexpr std::size_t kMostName = 64;

constexpr std::pair<std::string_view, OrderType> kTypes[] = {
    {"limit", OrderType::Limit},        {"ioc", OrderType::ImmediateOrCancel}, {"fok", OrderType::FillOrKill},
    {"post_only", OrderType::PostOnly}, {"market", OrderType::Market},         {"stop_limit", OrderType::StopLimit},
};

template <std::size_t N>
bool split(std::string_view line, std::array<std::string_view, N>& fields) {
    for (std::size_t i = 0; i < N; ++i) {
        const std::size_t comma = line.find(',');
        const bool last = i + 1 == N;
        if (last != (comma == std::string_view::npos)) return false;
        fields[i] = line.substr(0, comma);
        if (!last) line.remove_prefix(comma + 1);
    }
    return true;
}

/// Lines without their ends; a longer one than kMostLine comes cut, which no row survives.
class Lines {
public:
    explicit Lines(std::FILE* file) : m_file(file), m_buffer(std::size_t{1} << 20) {}
    bool next(std::string& line) {
        line.clear();
        for (bool any = false;;) {
            if (m_at == m_size) {
                m_size = std::fread(m_buffer.data(), 1, m_buffer.size(), m_file);
                m_at = 0;
                if (m_size == 0) return any;
            }
            any = true;
            const auto begin = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at);
            const auto end = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_size);
            const auto stop = std::find(begin, end, '\n');
            if (line.size() <= kMostLine)
                line.append(begin, begin + std::min<std::ptrdiff_t>(stop - begin, kMostLine + 1));
            m_at += static_cast<std::size_t>(stop - begin) + (stop == end ? 0 : 1);
            if (stop == end) continue;
            if (line.ends_with('\r')) line.pop_back();
            return true;
        }
    }

private:
    std::FILE* m_file;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;
    std::size_t m_size = 0;
};

bool isNumber(std::string_view text) {
    return !text.empty() && text.size() <= 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Printable ASCII, so that what is echoed cannot hide anything.
bool isName(std::string_view text) {
    return !text.empty() && text.size() <= kMostName &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
}

unsigned decimalsIn(const std::string& text) {
    const std::size_t point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<unsigned>(text.size() - point - 1);
}

/// "post only" becomes "post_only".
std::string reasonOf(market::PlaceRefusal refusal) {
    std::string text = market::nameOf(refusal);
    std::replace(text.begin(), text.end(), ' ', '_');
    return text;
}

/// An amount that a field names; nothing after saying why not.
std::optional<Amount> amountIn(std::string_view text, money::UnitId unit, std::string_view& reason,
                               std::string_view tooPrecise, std::string_view malformed) {
    const auto amount = money::parseAmount(text, unit);
    if (amount) return *amount;
    reason = amount.error() == money::MoneyError::NotExact ? tooPrecise : malformed;
    return std::nullopt;
}
} // namespace

struct MarketReplay::Row {
    enum Field : std::size_t { Seq, Account, Action, Order, SideOf, Type, Price, Quantity, Stop, kCount };
    std::array<std::string_view, kCount> fields{};
    std::string_view at(Field field) const { return fields[field]; }
};

Result<OpeningFunds, std::string> readFunds(std::FILE* file) {
    Lines lines(file);
    std::string line;
    if (!lines.next(line) || line != kHeaderFunds) return Err("its first line must be " + std::string(kHeaderFunds));
    OpeningFunds funds;
    for (std::size_t number = 2; lines.next(line); ++number) {
        if (line.empty()) continue;
        std::array<std::string_view, 3> fields;
        const bool whole = split(line, fields) && isName(fields[0]);
        const money::Unit* unit = whole ? money::findUnit(fields[1]) : nullptr;
        const auto amount = unit ? money::parseAmount(fields[2], unit->id) : Err(money::MoneyError::UnknownUnit);
        if (!amount) return Err("line " + std::to_string(number) + " is not an account, a unit and an amount");
        funds.emplace_back(fields[0], *amount);
    }
    return funds;
}

Result<std::unique_ptr<MarketReplay>, std::string> MarketReplay::make(const ReplaySettings& settings, std::FILE* out) {
    const money::Unit* base = money::findUnit(settings.base);
    const money::Unit* quote = money::findUnit(settings.quote);
    if (!base || !quote) {
        std::string codes;
        for (const money::Unit& unit : money::allUnits()) codes += " " + std::string(unit.code);
        return Err("unknown unit " + (base ? settings.quote : settings.base) + "; there are" + codes);
    }
    const auto tick = money::parseAmount(settings.tick, quote->id);
    const auto lot = money::parseAmount(settings.lot, base->id);
    if (!tick || tick->isZero()) return Err("--tick " + settings.tick + " is no amount of " + settings.quote);
    if (!lot || lot->isZero()) return Err("--lot " + settings.lot + " is no amount of " + settings.base);
    market::InstrumentSpec spec;
    spec.name = settings.base + "/" + settings.quote;
    spec.tick = *tick;
    spec.lot = *lot;
    spec.maxLots = 1'000'000'000'000;
    spec.maxTicks = 1'000'000'000'000;
    spec.makerBasisPoints = settings.makerBasisPoints;
    spec.takerBasisPoints = settings.takerBasisPoints;
    market::Market market;
    const auto id = market.addInstrument(spec);
    if (!id) {
        if (id.error() == market::InstrumentError::ScaleInvalid)
            return Err(std::string("one lot at one tick must be a whole number of the ledger's smallest parts of ") +
                       settings.quote + "; take a larger tick or lot");
        return Err(std::string("no such market: ") + market::nameOf(id.error()));
    }
    std::unique_ptr<MarketReplay> replay(new MarketReplay(std::move(market), *id, settings.selfTrade, out));
    replay->m_priceDecimals = decimalsIn(settings.tick);
    replay->m_quantityDecimals = decimalsIn(settings.lot);
    return replay;
}

MarketReplay::MarketReplay(market::Market market, InstrumentId instrument, market::SelfTrade selfTrade, std::FILE* out)
    : m_market(std::move(market)),
      m_instrument(*m_market.instrument(instrument)),
      m_selfTrade(selfTrade),
      m_out(out),
      m_priceDecimals(0),
      m_quantityDecimals(0) {}

void MarketReplay::fund(const OpeningFunds& funds) {
    if (!m_ledger) m_ledger.emplace();
    for (const auto& [account, amount] : funds) {
        if (amount.isZero()) continue;
        const auto custody = ledger::houseAccount(ledger::Purpose::Custody, amount.unit);
        const auto posted = m_ledger->post(
            {ledger::Reason::Deposit,
             0,
             {{custody, -amount.value}, {ledger::availableOf(holderOf(account), amount.unit), amount.value}}});
        assert(posted);
        (void)posted;
    }
}

std::string MarketReplay::run(std::FILE* in) {
    Lines lines(in);
    std::string line;
    if (!lines.next(line) || line != kHeaderIn) return "the first line must be " + std::string(kHeaderIn);
    std::fwrite(kHeaderOut.data(), 1, kHeaderOut.size(), m_out);
    while (lines.next(line)) {
        if (!line.empty()) apply(line);
    }
    if (std::ferror(in)) return "cannot read the input";
    return std::fflush(m_out) == 0 && !std::ferror(m_out) ? "" : "cannot write the output";
}

HolderId MarketReplay::holderOf(std::string_view account) {
    if (const auto found = m_holders.find(account); found != m_holders.end()) return found->second;
    return m_holders.emplace(account, HolderId{m_holders.size() + 1}).first->second;
}

OrderId MarketReplay::orderOf(std::string_view name) const {
    const auto found = m_orders.find(name);
    return found == m_orders.end() ? OrderId{} : found->second;
}

// --- a row -----------------------------------------------------------------------------------------------------------

void MarketReplay::apply(std::string_view line) {
    Row row;
    const bool whole = line.size() <= kMostLine && split(line, row.fields);
    const bool numbered = isNumber(row.at(Row::Seq));
    m_sequence = numbered ? row.at(Row::Seq) : "";
    if (!whole) {
        row.fields = {};
        return refuse(row, "malformed_row");
    }
    if (!numbered) return refuse(row, "malformed_seq");
    if (!isName(row.at(Row::Account))) return refuse(row, "malformed_account");
    if (!isName(row.at(Row::Order))) return refuse(row, "malformed_order_id");
    if (row.at(Row::Action) == "new") return place(row);
    if (row.at(Row::Action) == "cancel") return cancel(row);
    if (row.at(Row::Action) == "replace") return replace(row);
    refuse(row, "unknown_action");
}

void MarketReplay::place(const Row& row) {
    const auto type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const auto& one) { return one.first == row.at(Row::Type); });
    if (row.at(Row::SideOf) != "buy" && row.at(Row::SideOf) != "sell") return refuse(row, "unknown_side");
    if (type == std::end(kTypes)) return refuse(row, "unknown_type");
    if (orderOf(row.at(Row::Order))) return refuse(row, "duplicate_order_id");
    const auto& scale = m_instrument.scale;
    market::NewOrder asked;
    asked.instrument = m_instrument.id;
    asked.side = row.at(Row::SideOf) == "buy" ? Side::Buy : Side::Sell;
    asked.type = type->second;
    asked.selfTrade = m_selfTrade;
    std::string_view reason;
    if (!row.at(Row::Price).empty() || asked.type != OrderType::Market) {
        const auto price = amountIn(row.at(Row::Price), scale.quote(), reason, "price_not_on_tick", "malformed_price");
        if (!price) return refuse(row, reason);
        asked.price = *price;
        if (asked.type == OrderType::Market) return refuse(row, reasonOf(market::PlaceRefusal::PriceNotMeant));
    }
    const auto quantity =
        amountIn(row.at(Row::Quantity), scale.base(), reason, "quantity_not_on_lot", "malformed_quantity");
    if (!quantity) return refuse(row, reason);
    asked.quantity = *quantity;
    if (!row.at(Row::Stop).empty() || asked.type == OrderType::StopLimit) {
        const auto stop =
            amountIn(row.at(Row::Stop), scale.quote(), reason, "stop_price_not_on_tick", "malformed_stop_price");
        if (!stop) return refuse(row, reason);
        asked.stopPrice = *stop;
        if (asked.type != OrderType::StopLimit) return refuse(row, reasonOf(market::PlaceRefusal::StopPriceNotMeant));
    }
    asked.holder = holderOf(row.at(Row::Account));
    const auto ticket = m_market.check(asked);
    if (!ticket) return refuse(row, reasonOf(ticket.error()));
    HoldId hold;
    if (m_ledger) {
        const Amount needed = engine::neededFor(m_instrument, *ticket);
        const auto held = needed.isZero() ? Result<HoldId, ledger::LedgerError>(HoldId{})
                                          : m_ledger->hold(ledger::availableOf(asked.holder, needed.unit), needed.value,
                                                           ledger::Reason::Order, ticket->order.value);
        if (!held) return refuse(row, "insufficient_funds");
        hold = *held;
    }
    const auto named = m_orders.emplace(row.at(Row::Order), ticket->order).first;
    m_orderNames.push_back(&named->first);
    const bool priced = asked.type != OrderType::Market;
    tell("accepted", row.at(Row::Order), {}, priced ? ticket->priceTicks : 0, ticket->quantityLots,
         ticket->quantityLots, {});
    m_market.place(*ticket, hold, *this);
}

void MarketReplay::cancel(const Row& row) {
    const OrderId id = orderOf(row.at(Row::Order));
    const auto cancelled = m_market.cancel(id, holderOf(row.at(Row::Account)), *this);
    if (!cancelled) {
        const bool unknown = cancelled.error() == market::CancelRefusal::UnknownOrder;
        return refuse(row, unknown ? "unknown_order" : "not_owner");
    }
    release(*cancelled);
    tell("cancelled", *cancelled);
}

void MarketReplay::replace(const Row& row) {
    const auto& scale = m_instrument.scale;
    market::OrderChange change;
    std::string_view reason;
    const auto read = [&](Row::Field field, money::UnitId unit, std::optional<Amount>& to, std::string_view tooPrecise,
                          std::string_view malformed) {
        if (row.at(field).empty()) return true;
        to = amountIn(row.at(field), unit, reason, tooPrecise, malformed);
        return to.has_value();
    };
    if (!read(Row::Price, scale.quote(), change.price, "price_not_on_tick", "malformed_price") ||
        !read(Row::Quantity, scale.base(), change.quantity, "quantity_not_on_lot", "malformed_quantity") ||
        !read(Row::Stop, scale.quote(), change.stopPrice, "stop_price_not_on_tick", "malformed_stop_price")) {
        return refuse(row, reason);
    }
    const OrderId id = orderOf(row.at(Row::Order));
    const auto ticket = m_market.checkChange(id, holderOf(row.at(Row::Account)), change);
    if (!ticket) return refuse(row, reasonOf(ticket.error()));
    if (m_ledger) {
        const market::Order& order = *m_market.order(id);
        const Amount needed = engine::neededAfter(m_instrument, order, *ticket);
        if (!m_ledger->resize(order.hold, needed.value)) return refuse(row, "insufficient_funds");
    }
    tell("replaced", row.at(Row::Order), {}, ticket->priceTicks, ticket->quantityLots, ticket->remainingLots, {});
    m_market.change(*ticket, *this);
}

// --- what happens ----------------------------------------------------------------------------------------------------

void MarketReplay::onMatch(const market::Match& match) {
    const engine::Fill fill = engine::fillOf(m_instrument, match);
    if (m_ledger) {
        const auto transfer = engine::transferOf(*m_ledger, m_instrument, match, fill);
        const auto posted = m_ledger->post(transfer.legs(), transfer.uses);
        assert(posted);
        (void)posted;
    }
    tell("trade", nameOf(match.taker.id), nameOf(match.maker.id), match.priceTicks, match.lots,
         match.taker.remainingLots, {});
}

void MarketReplay::onRested(const market::Order& order) { tell("rested", order); }
void MarketReplay::onTriggered(const market::Order& order) { tell("triggered", order); }

void MarketReplay::onCancelled(const market::Order& order, market::CancelCause cause) {
    release(order);
    tell("cancelled", order, cause == market::CancelCause::SelfTrade ? "self_trade" : "not_filled");
}

void MarketReplay::release(const market::Order& order) {
    if (!m_ledger || !order.hold) return;
    (void)m_ledger->release(order.hold); // what a market order traded may have used it up
}

void MarketReplay::refuse(const Row& row, std::string_view reason) {
    const std::string_view order = isName(row.at(Row::Order)) ? row.at(Row::Order) : std::string_view();
    tell("refused", order, {}, 0, 0, -1, reason);
}

void MarketReplay::tell(std::string_view event, const market::Order& order, std::string_view reason) {
    const bool priced = order.type != OrderType::Market;
    tell(event, nameOf(order.id), {}, priced ? order.priceTicks : 0, order.quantityLots, order.remainingLots, reason);
}

static void appendDecimal(std::string& line, Int128 value, unsigned unitDecimals, unsigned keep) {
    line += money::formatDecimal(value, unitDecimals, {keep});
}

// A price or quantity of zero, and a remainder below it, are none.
void MarketReplay::tell(std::string_view event, std::string_view order, std::string_view counter,
                        std::int64_t priceTicks, std::int64_t lots, std::int64_t remainingLots,
                        std::string_view reason) {
    const auto& scale = m_instrument.scale;
    const unsigned quoteDecimals = money::findUnit(scale.quote())->ledgerDecimals;
    const unsigned baseDecimals = money::findUnit(scale.base())->ledgerDecimals;
    m_line.clear();
    m_line.append(m_sequence).append(1, ',').append(event).append(1, ',').append(order).append(1, ',').append(counter);
    m_line += ',';
    if (priceTicks != 0) appendDecimal(m_line, scale.priceOf(priceTicks).value, quoteDecimals, m_priceDecimals);
    m_line += ',';
    if (lots != 0) appendDecimal(m_line, scale.quantityOf(lots).value, baseDecimals, m_quantityDecimals);
    m_line += ',';
    if (remainingLots >= 0)
        appendDecimal(m_line, scale.quantityOf(remainingLots).value, baseDecimals, m_quantityDecimals);
    m_line.append(1, ',').append(reason).append(1, '\n');
    std::fwrite(m_line.data(), 1, m_line.size(), m_out);
}

} // namespace tallylock::cli
