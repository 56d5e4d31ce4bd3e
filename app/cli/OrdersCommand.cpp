#include "app/cli/OrdersCommand.h"

#include "app/cli/OpenProfile.h"
#include "core/api/Guard.h"
#include "core/money/Decimal.h"

#include <cstdio>
#include <iterator>

namespace tallylock::cli {

namespace {

constexpr const char* kOrderTypes[] = {"limit", "ioc", "fok", "post-only", "market", "stop-limit"};
static_assert(std::size(kOrderTypes) == static_cast<std::size_t>(api::OrderType::kCount));
constexpr const char* kOrderRules[] = {"none", "newest", "oldest", "both"};
static_assert(std::size(kOrderRules) == static_cast<std::size_t>(api::SelfTrade::kCount));
constexpr const char* kOrderStates[] = {"open", "filled", "cancelled", "waiting"};
static_assert(std::size(kOrderStates) == static_cast<std::size_t>(api::OrderState::kCount));
constexpr const char* kDeadManStates[] = {"armed", "ended", "fired"};
static_assert(std::size(kDeadManStates) == static_cast<std::size_t>(api::DeadManState::kCount));

constexpr const char* kOrdersUsage =
    "usage: orders DIR NAME {book SYMBOL | list | fills | place buy|sell SYMBOL QUANTITY [PRICE] [--type TYPE] "
    "[--stop PRICE] [--stp RULE] | change NUMBER [--quantity Q] [--price P] [--stop P] | cancel NUMBER | "
    "cancel-all [SYMBOL] | dead-man [SECONDS | off] [--account] | sign-each [on | off]}";

constexpr std::uint32_t kMostFillsListed = 1000;
constexpr std::uint32_t kLevelsListed = 20;

/// One profile's orders, asked and waited for.
class Orders {
public:
    Orders(OpenProfile& profile, const Options& options)
        : m_loop(profile.loop),
          m_session(*profile.session),
          m_options(options) {}

    int book(const Arguments& a) {
        const auto traded = instrument(a[0]);
        if (!traded) return kFailed;
        const auto rows =
            m_loop.ask<std::vector<api::BookRow>>([&](auto done) { m_session.book(traded->id, kLevelsListed, done); });
        if (!rows) return refused(rows.error());
        for (const api::BookRow& row : *rows) {
            std::printf("%s  %s at %s  %u orders\n", row.side == api::Side::Buy ? "buy " : "sell",
                        money::formatWithCode(row.quantity).c_str(), money::formatWithCode(row.price).c_str(),
                        row.orders);
        }
        return kDone;
    }

    int list(const Arguments&) {
        const auto rows = m_loop.ask<std::vector<api::OrderRow>>([&](auto done) { m_session.orders(done); });
        if (!rows) return refused(rows.error());
        for (const api::OrderRow& row : *rows) print(row);
        return kDone;
    }

    int fills(const Arguments&) {
        const auto rows = m_loop.ask<std::vector<api::InstructionRow>>(
            [&](auto done) { m_session.instructions(kMostFillsListed, done); });
        if (!rows) return refused(rows.error());
        for (const api::InstructionRow& row : *rows) {
            std::printf("%llu  order %llu buys of order %llu  %s at %s for %s\n", number(row.number.value),
                        number(row.buyOrder.value), number(row.sellOrder.value),
                        money::formatWithCode(row.quantity).c_str(), money::formatWithCode(row.price).c_str(),
                        money::formatWithCode(row.fiat).c_str());
        }
        return kDone;
    }

    int place(const Arguments& a) {
        api::OrderRequest request;
        if (a[0] != "buy" && a[0] != "sell") return fail("an order is to buy or to sell, not to " + a[0]);
        request.side = a[0] == "buy" ? api::Side::Buy : api::Side::Sell;
        const auto traded = instrument(a[1]);
        if (!traded || !read(a[2], traded->base, request.quantity)) return kFailed;
        request.instrument = traded->id;
        const auto type = named<api::OrderType>('t', kOrderTypes, "a type");
        const auto rule = named<api::SelfTrade>('s', kOrderRules, "--stp");
        if (!type || !rule) return kFailed;
        request.type = *type;
        request.selfTrade = *rule;
        if (const auto stop = m_options.values('x'); !stop.empty()) {
            // Who names a stop price means a stop order.
            if (!m_options.has('t')) request.type = api::OrderType::StopLimit;
            if (!read(stop.back(), traded->quote, request.stopPrice)) return kFailed;
        }
        if (a.size() < 4) {
            if (!m_options.has('t')) request.type = api::OrderType::Market;
            if (request.type != api::OrderType::Market) return fail("an order of this type needs a price");
            request.price = {0, traded->quote};
        } else if (!read(a[3], traded->quote, request.price)) {
            return kFailed;
        }
        return show(m_loop.ask<api::OrderRow>([&](auto done) { m_session.placeOrder(request, done); }));
    }

    int change(const Arguments& a) {
        const auto order = find(a[0]);
        if (!order) return kFailed;
        api::OrderChange change;
        for (const auto& [letter, unit, to] : {std::tuple{'q', order->quantity.unit, &change.quantity},
                                               {'p', order->price.unit, &change.price},
                                               {'x', order->price.unit, &change.stopPrice}}) {
            for (const std::string& text : m_options.values(letter)) {
                if (!read(text, unit, to->emplace())) return kFailed;
            }
        }
        if (!change.quantity && !change.price && !change.stopPrice)
            return fail("nothing to change: give --quantity, --price or --stop");
        return show(m_loop.ask<api::OrderRow>([&](auto done) { m_session.replaceOrder(order->id, change, done); }));
    }

    int cancel(const Arguments& a) {
        const auto order = find(a[0]);
        if (!order) return kFailed;
        const auto cancelled = m_loop.ask<void>([&](auto done) { m_session.cancelOrder(order->id, done); });
        return cancelled ? kDone : refused(cancelled.error());
    }

    int cancelAll(const Arguments& a) {
        std::optional<InstrumentId> only;
        if (!a.empty()) {
            const auto traded = instrument(a[0]);
            if (!traded) return kFailed;
            only = traded->id;
        }
        const auto count = m_loop.ask<std::uint64_t>([&](auto done) { m_session.cancelAllOrders(only, done); });
        if (!count) return refused(count.error());
        std::printf("%llu cancelled\n", number(*count));
        return kDone;
    }

    /// Without an argument tells what is armed.
    int deadMan(const Arguments& a) {
        if (!a.empty()) {
            const auto seconds = a[0] == "off" ? std::optional<std::uint64_t>(0) : numberFrom(a[0]);
            constexpr std::uint64_t kDay = 86'400;
            if (!seconds || *seconds > kDay || (*seconds == 0 && a[0] != "off"))
                return fail("a dead-man switch is renewed within 1 to 86400 seconds, or is off");
            const auto withinMs = static_cast<std::int64_t>(*seconds) * 1000;
            const auto armed =
                m_loop.ask<void>([&](auto done) { m_session.guard().armDeadMan(withinMs, m_options.has('a'), done); });
            if (!armed) return refused(armed.error());
        }
        const auto rows = m_loop.ask<std::vector<api::DeadManRow>>([&](auto done) { m_session.guard().deadMen(done); });
        if (!rows) return refused(rows.error());
        for (const api::DeadManRow& row : *rows) {
            const std::string whose = row.account ? "account" : "user " + std::to_string(row.user.value);
            std::printf("%s  %s  within %lld s  due %lld  %llu cancelled\n", whose.c_str(),
                        kDeadManStates[static_cast<std::size_t>(row.state)],
                        static_cast<long long>(row.withinMs / 1000), static_cast<long long>(row.dueMs),
                        number(row.cancelled));
        }
        return kDone;
    }

    /// Without an argument tells how it stands.
    int signEach(const Arguments& a) {
        if (!a.empty()) {
            if (a[0] != "on" && a[0] != "off") return fail("signing each order is on or off, not " + a[0]);
            const auto done = m_loop.ask<void>([&](auto reply) { m_session.guard().signOrders(a[0] == "on", reply); });
            if (!done) return refused(done.error());
        }
        const auto each = m_loop.ask<bool>([&](auto done) { m_session.guard().signsOrders(done); });
        if (!each) return refused(each.error());
        std::printf("%s\n", *each ? "on: each order is signed with this profile's key"
                                  : "off: orders are not signed one by one; the coordinator vouches for their sender");
        return kDone;
    }

private:
    static unsigned long long number(std::uint64_t value) { return value; }

    /// Nothing after saying what was wrong.
    std::optional<api::InstrumentRow> instrument(const std::string& symbol) {
        const auto rows = m_loop.ask<std::vector<api::InstrumentRow>>([&](auto done) { m_session.instruments(done); });
        if (!rows) {
            refused(rows.error());
            return std::nullopt;
        }
        std::string all;
        for (const api::InstrumentRow& row : *rows) {
            if (row.symbol == symbol) return row;
            if (!all.empty()) all += ", ";
            all += row.symbol;
        }
        fail("nothing is traded as " + symbol + "; there is " + (all.empty() ? "nothing" : all));
        return std::nullopt;
    }
    std::optional<api::OrderRow> find(const std::string& text) {
        const auto wanted = numberFrom(text);
        const auto rows = m_loop.ask<std::vector<api::OrderRow>>([&](auto done) { m_session.orders(done); });
        if (!rows) {
            refused(rows.error());
            return std::nullopt;
        }
        for (const api::OrderRow& row : *rows) {
            if (row.id.value == wanted) return row;
        }
        fail("no order " + text + "; see `orders DIR NAME list`");
        return std::nullopt;
    }
    static bool read(const std::string& text, api::UnitId unit, api::Amount& to) {
        const auto amount = money::parseAmount(text, unit);
        if (!amount) {
            fail("not an amount: " + text);
            return false;
        }
        to = *amount;
        return true;
    }
    /// The value of an option that is one of some names; the first of them if it is not given.
    template <class T, std::size_t N>
    std::optional<T> named(char letter, const char* const (&names)[N], const char* what) const {
        const std::vector<std::string> given = m_options.values(letter);
        if (given.empty()) return T{};
        const auto place = placeAmong(names, given.back());
        if (place) return static_cast<T>(*place);
        std::string all;
        for (const char* name : names) {
            if (!all.empty()) all += ", ";
            all += name;
        }
        fail(what + (" is one of " + all) + ", not " + given.back());
        return std::nullopt;
    }

    static int show(const api::Answer<api::OrderRow>& row) {
        if (!row) return refused(row.error());
        print(*row);
        return kDone;
    }
    static void print(const api::OrderRow& row) {
        const std::string price =
            row.type == api::OrderType::Market ? std::string("market") : money::formatWithCode(row.price);
        const std::string stop = row.stopPrice.isZero() ? "" : "  stop " + money::formatWithCode(row.stopPrice);
        std::printf("%llu  %s  %s  %s %s at %s%s  filled %s\n", number(row.id.value),
                    kOrderStates[static_cast<std::size_t>(row.state)], kOrderTypes[static_cast<std::size_t>(row.type)],
                    row.side == api::Side::Buy ? "buy" : "sell", money::formatWithCode(row.quantity).c_str(),
                    price.c_str(), stop.c_str(), money::formatWithCode(row.filled).c_str());
    }

    app::EventLoop& m_loop;
    api::Session& m_session;
    const Options& m_options;
};

struct OrdersAct {
    const char* name;
    std::size_t least; ///< arguments
    std::size_t most;
    const char* options; ///< their letters
    int (Orders::*run)(const Arguments&);
};
constexpr OrdersAct kOrdersActs[] = {
    {"book", 1, 1, "", &Orders::book},
    {"list", 0, 0, "", &Orders::list},
    {"fills", 0, 0, "", &Orders::fills},
    {"place", 3, 4, "tsx", &Orders::place},
    {"change", 1, 1, "qpx", &Orders::change},
    {"cancel", 1, 1, "", &Orders::cancel},
    {"cancel-all", 0, 1, "", &Orders::cancelAll},
    {"dead-man", 0, 1, "a", &Orders::deadMan},
    {"sign-each", 0, 1, "", &Orders::signEach},
};

const OrdersAct* ordersAct(const Options& options) {
    if (options.rest().size() < 3) return nullptr;
    const std::size_t given = options.rest().size() - 3;
    for (const OrdersAct& act : kOrdersActs) {
        if (options.rest()[2] != act.name || given < act.least || given > act.most) continue;
        for (const char letter : std::string_view("tsxqpa")) {
            if (options.has(letter) && std::string_view(act.options).find(letter) == std::string_view::npos)
                return nullptr;
        }
        return &act;
    }
    return nullptr;
}

} // namespace

int runOrders(const Arguments& arguments) {
    const auto options = Options::parse(
        arguments,
        {{'t', "type"}, {'s', "stp"}, {'x', "stop"}, {'q', "quantity"}, {'p', "price"}, {'a', "account", false}});
    if (!options) return kFailed;
    const OrdersAct* act = ordersAct(*options);
    if (!act) return fail(kOrdersUsage);
    const Arguments& rest = options->rest();
    const auto profile = OpenProfile::open(rest[0], rest[1]);
    if (!profile) return kFailed;
    Orders orders(*profile, *options);
    return (orders.*(act->run))({rest.begin() + 3, rest.end()});
}

} // namespace tallylock::cli
