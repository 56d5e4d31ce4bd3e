#include "app/cli/Story.h"

#include "core/money/Unit.h"

#include <algorithm>
#include <optional>

namespace tallylock::cli {

namespace {
constexpr std::int64_t kTradeCent = 1'000'000;
api::Amount tradeDollars(std::int64_t whole) { return {money::Int128{whole} * 100 * kTradeCent, money::kUsd}; }
constexpr api::Amount kDepositBtc{100'000'000, money::kBtc};
constexpr api::Amount kTradedBtc{10'000'000, money::kBtc};
constexpr api::Amount kBidBtc{1'000'000, money::kBtc}; // several times what the sale costs
const api::Amount kBidPrice = tradeDollars(49'900);

class TradeStory {
public:
    TradeStory(Story& story, const TradePeople& people) : m_story(story), m_people(people) {}

    /// Part a: the institution, its fiat account, its trader.
    void openAccounts() {
        const SessionPtr& institution = m_people.institution;
        if (!account(institution).holder) {
            m_story.ask<HolderId>("register the institution", [&](api::Done<HolderId> done) {
                institution->registerHolder("Harbour Fund", true, std::move(done));
            });
        }
        const api::AccountInfo info = account(institution);
        if (!info.fiat) {
            const api::FiatAccount fiat{"Practice Bank", "PB 0001 2345", "", {0, money::kUsd}, ""};
            m_story.ask<void>("set the fiat account",
                              [&](api::Done<void> done) { institution->setFiatAccount(fiat, std::move(done)); });
        }
        const IdentityKey key = m_people.trader->identityKey();
        const auto isTrader = [&](const api::UserRow& user) { return user.key == key; };
        if (std::none_of(info.users.begin(), info.users.end(), isTrader)) {
            m_story.ask<UserId>("add the trader", [&](api::Done<UserId> done) {
                institution->addUser("Trader", key, api::kTrader, std::move(done));
            });
        }
        m_story.until("the trader's account", {m_people.trader},
                      [&] { return account(m_people.trader).holder == info.holder; });
    }

    /// Parts b and c: coins over the chain, dollars over the bank.
    void deposit() {
        payInto(m_people.second, kDepositBtc);
        payInto(m_people.institution, tradeDollars(10'000));
    }

    /// Parts f to n.
    void trade() {
        const api::InstrumentRow market = instrument();
        place(m_people.second, {market.id, api::Side::Sell, tradeDollars(50'000), kTradedBtc, 1});
        place(m_people.trader, {market.id, api::Side::Buy, tradeDollars(50'000), kTradedBtc, 1});
        m_story.until("the trade", {m_people.institution, m_people.second}, [&] {
            const auto rows = m_story.ask<std::vector<api::InstructionRow>>(
                "list the instructions", [&](api::Done<std::vector<api::InstructionRow>> done) {
                    m_people.second->instructions(10, std::move(done));
                });
            return !rows.empty() && rows.front().executed;
        });
    }

    /// A bid for a sale's coins, a little below what they are quoted at.
    void bidFor(const api::Amount& coins) {
        if (bid()) return;
        const api::OrderRequest request{instrument().id, api::Side::Buy, kBidPrice, coins, 2};
        m_story.ask<api::OrderRow>("bid for the sale's coins", [&](api::Done<api::OrderRow> done) {
            m_people.trader->placeOrder(request, std::move(done));
        });
    }
    /// B11's end.
    void sell() {
        m_story.until("the house to sell the sale's coins", {m_people.trader}, [&] {
            const auto order = bid();
            return order && order->state == api::OrderState::Filled;
        });
    }

private:
    std::optional<api::OrderRow> bid() {
        for (const api::OrderRow& row : orders(m_people.trader)) {
            if (row.price == kBidPrice) return row;
        }
        return std::nullopt;
    }

    api::AccountInfo account(const SessionPtr& who) {
        return m_story.ask<api::AccountInfo>("read the account",
                                             [&](api::Done<api::AccountInfo> done) { who->account(std::move(done)); });
    }

    api::InstrumentRow instrument() {
        auto rows = m_story.ask<std::vector<api::InstrumentRow>>(
            "list the instruments",
            [&](api::Done<std::vector<api::InstrumentRow>> done) { m_people.trader->instruments(std::move(done)); });
        if (rows.empty()) throw StoryFailed{"no market is open"};
        return rows.front();
    }

    std::vector<api::OrderRow> orders(const SessionPtr& who) {
        return m_story.ask<std::vector<api::OrderRow>>(
            "list the orders", [&](api::Done<std::vector<api::OrderRow>> done) { who->orders(std::move(done)); });
    }

    void place(const SessionPtr& who, const api::OrderRequest& request) {
        if (!orders(who).empty()) return;
        m_story.ask<api::OrderRow>("place the order",
                                   [&](api::Done<api::OrderRow> done) { who->placeOrder(request, std::move(done)); });
    }

    void payInto(const SessionPtr& who, const api::Amount& amount) {
        const auto place = m_story.ask<api::DepositRow>("get a place to deposit", [&](api::Done<api::DepositRow> done) {
            who->depositIdentifier(amount.unit, std::move(done));
        });
        m_story.payUpTo(place.identifier, amount);
        m_story.until("the deposit", {who}, [&] {
            if (!orders(m_people.second).empty()) return true; // credited, and used by now
            const auto rows = m_story.ask<std::vector<api::BalanceRow>>(
                "read the balances",
                [&](api::Done<std::vector<api::BalanceRow>> done) { who->balances(std::move(done)); });
            return std::any_of(rows.begin(), rows.end(), [&](const api::BalanceRow& row) {
                return row.unit == amount.unit && row.available.value >= amount.value;
            });
        });
    }

    Story& m_story;
    const TradePeople& m_people;
};
} // namespace

void tellTrade(Story& story, const TradePeople& people) {
    TradeStory trade(story, people);
    trade.openAccounts();
    trade.deposit();
    trade.trade();
}

void tellCoins(Story& story, const TradePeople& people, const SessionPtr& buyer, SaleId sale) {
    const auto detail = story.ask<api::SaleDetail>(
        "read the sale", [&](api::Done<api::SaleDetail> done) { buyer->sale(sale, std::move(done)); });
    TradeStory trade(story, people);
    trade.bidFor(detail.row.coinDue);
    trade.sell();
}

void tellBid(Story& story, const TradePeople& people) { TradeStory(story, people).bidFor(kBidBtc); }

} // namespace tallylock::cli
