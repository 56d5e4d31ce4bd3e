#include "app/cli/Report.h"

#include "core/money/Decimal.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace tallylock::cli {

namespace {
constexpr const char* kActorNames[] = {
    "buyer",  "seller",          "key server",      "coordinator", "first exchange",
    "escrow", "dollar exchange", "second exchange", "arbiter",     "standby key server"};
constexpr const char* kStateNames[] = {"Offered",  "Accepted", "KeyDeposited", "KeyWrapped", "Ready",      "WalletOpen",
                                       "Seen",     "Funded",   "Delivered",    "Escrowed",   "SellerPaid", "KeySent1",
                                       "KeySent2", "Unlocked", "Completed",    "Refunding",  "Refunded",   "Void",
                                       "Rekeying", "KeyLost",  "Countered",    "Disputed",   "Resolved"};
static_assert(std::size(kActorNames) == static_cast<std::size_t>(api::Actor::kCount));
static_assert(std::size(kStateNames) == static_cast<std::size_t>(api::SaleState::kCount));

std::string shortHash(const Hash& hash) { return hash.hex().substr(0, 12); }

void printMoney(const std::vector<api::MoneyLeg>& legs) {
    for (const api::MoneyLeg& leg : legs) {
        const std::string sign = leg.delta.value < 0 ? "" : "+";
        std::printf("        %-28s %20s\n", leg.account.c_str(),
                    (sign + money::formatWithCode(leg.delta, ',')).c_str());
    }
}

void printPart(char part, const std::string& text) { std::printf("  (%c)  %s\n", part, text.c_str()); }

std::string orderText(const api::OrderRow& order) {
    return "order " + std::to_string(order.id.value) + ": " + (order.side == api::Side::Buy ? "buy " : "sell ") +
           money::formatWithCode(order.quantity) + " at " + money::formatWithCode(order.price, ',') + ", filled " +
           money::formatWithCode(order.filled);
}
} // namespace

const char* stateName(api::SaleState state) { return kStateNames[static_cast<std::size_t>(state)]; }

void reportSale(Story& story, const SessionPtr& buyer, SaleId sale) {
    const auto receipts =
        story.ask<std::vector<api::ReceiptRow>>("read the receipts", [&](api::Done<std::vector<api::ReceiptRow>> done) {
            buyer->receipts(sale, std::move(done));
        });
    std::printf("The sale, from its %zu receipts in the journal:\n", receipts.size());
    for (const api::ReceiptRow& row : receipts) {
        const std::string step = row.step == 0 ? " - " : "B" + std::to_string(row.step);
        std::printf("  %-4s %-16s -> %-13s receipt %s  contract %s  journal #%llu\n", step.c_str(),
                    kActorNames[static_cast<std::size_t>(row.actor)],
                    kStateNames[static_cast<std::size_t>(row.stateAfter)], shortHash(row.hash).c_str(),
                    shortHash(row.contract).c_str(), static_cast<unsigned long long>(row.journalSeq));
        printMoney(row.money);
    }
}

void reportTrade(Story& story, const TradePeople& people) {
    const auto account = [&](const SessionPtr& who) {
        return story.ask<api::AccountInfo>("read the account",
                                           [&](api::Done<api::AccountInfo> done) { who->account(std::move(done)); });
    };
    const auto orders = [&](const SessionPtr& who) {
        return story.ask<std::vector<api::OrderRow>>(
            "list the orders", [&](api::Done<std::vector<api::OrderRow>> done) { who->orders(std::move(done)); });
    };
    const api::AccountInfo fund = account(people.institution);
    const api::AccountInfo second = account(people.second);
    const auto instructions = story.ask<std::vector<api::InstructionRow>>(
        "list the instructions",
        [&](api::Done<std::vector<api::InstructionRow>> done) { people.second->instructions(1, std::move(done)); });
    const auto buys = orders(people.trader);
    const auto sells = orders(people.second);
    if (instructions.empty() || buys.empty() || sells.empty()) throw StoryFailed{"the trade left no instruction"};
    const api::InstructionRow& deal = instructions.front();
    const auto statement = [&](const SessionPtr& who, api::UnitId unit) {
        return story.ask<std::vector<api::StatementRow>>(
            "read the statement",
            [&](api::Done<std::vector<api::StatementRow>> done) { who->statement(unit, 100, 0, std::move(done)); });
    };
    const auto deposits = [&](const SessionPtr& who, api::UnitId unit) {
        std::string text;
        for (const api::StatementRow& row : statement(who, unit)) {
            if (row.reason == "deposit")
                text += " entry " + std::to_string(row.entry.value) + " +" + money::formatWithCode(row.delta, ',');
        }
        return text;
    };
    const auto balances = [&](const SessionPtr& who) {
        std::string text;
        const auto rows = story.ask<std::vector<api::BalanceRow>>(
            "read the balances", [&](api::Done<std::vector<api::BalanceRow>> done) { who->balances(std::move(done)); });
        for (const api::BalanceRow& row : rows) {
            text += (text.empty() ? "" : ", ") + money::formatWithCode(row.available, ',');
        }
        return text;
    };

    std::printf("The exchange, as the journal has it:\n");
    printPart('a', fund.name + ": institution, " + std::to_string(fund.users.size()) + " users, fiat account at " +
                       (fund.fiat ? fund.fiat->bank + " " + fund.fiat->reference : std::string("none")) +
                       "; second account: " + second.name);
    printPart('b', "coins deposited on the chain:" + deposits(people.second, money::kBtc));
    printPart('c', "dollars deposited at the bank:" + deposits(people.institution, money::kUsd));
    printPart('d', "orders database: " + std::to_string(buys.size()) + " purchase, " + std::to_string(sells.size()) +
                       " sell");
    printPart('e', "ledger: " + fund.name + " " + balances(people.institution) + "; " + second.name + " " +
                       balances(people.second));
    printPart('f', "purchase order from the institution's trader: " + orderText(buys.back()));
    printPart('g', money::formatWithCode(deal.fiat, ',') + " were verified and held for it in one act");
    printPart('h', "stored as order " + std::to_string(buys.back().id.value));
    printPart('i', "sell order from the second account: " + orderText(sells.front()));
    printPart('j', money::formatWithCode(sells.front().quantity) + " were verified and held for it in one act");
    printPart('k', "stored as order " + std::to_string(sells.front().id.value));
    printPart('l', "matched: buy order " + std::to_string(deal.buyOrder.value) + " with sell order " +
                       std::to_string(deal.sellOrder.value));
    printPart('m', "instruction " + std::to_string(deal.number.value) + " " + shortHash(deal.hash) + ": " +
                       money::formatWithCode(deal.quantity) + " for " + money::formatWithCode(deal.fiat, ','));
    printPart('n', std::string(deal.executed ? "executed" : "NOT executed") + " by ledger entry " +
                       std::to_string(deal.entry.value));
    printMoney(deal.money);
}

void reportCoins(Story& story, const TradePeople& people) {
    const auto deals = story.ask<std::vector<api::InstructionRow>>(
        "list the instructions",
        [&](api::Done<std::vector<api::InstructionRow>> done) { people.trader->instructions(1, std::move(done)); });
    if (deals.empty()) throw StoryFailed{"the sale's coins left no instruction"};
    const api::InstructionRow& deal = deals.front();
    std::printf("The sale's coins, on the order book:\n");
    std::printf("        %s by the %s to %s for %s: instruction %llu %s, ledger entry %llu\n",
                money::formatWithCode(deal.quantity).c_str(), deal.seller.c_str(), deal.buyer.c_str(),
                money::formatWithCode(deal.fiat, ',').c_str(), static_cast<unsigned long long>(deal.number.value),
                shortHash(deal.hash).c_str(), static_cast<unsigned long long>(deal.entry.value));
    printMoney(deal.money);
}

bool reportNode(Story& story) {
    const auto rows = story.ask<std::vector<api::TrialBalanceRow>>(
        "draw the trial balance",
        [&](api::Done<std::vector<api::TrialBalanceRow>> done) { story.node().trialBalance(std::move(done)); });
    bool zero = true;
    std::printf("Trial balance:\n");
    for (const api::TrialBalanceRow& row : rows) {
        zero = zero && row.sum.isZero();
        std::printf("  %24s %24s  sum %s\n", money::formatWithCode(row.debits, ',').c_str(),
                    money::formatWithCode(row.credits, ',').c_str(), money::formatWithCode(row.sum, ',').c_str());
    }
    const auto info = story.ask<api::NodeInfo>(
        "ask the node", [&](api::Done<api::NodeInfo> done) { story.node().info(std::move(done)); });
    std::printf("Journal: %llu commands, head %s\n", static_cast<unsigned long long>(info.journalSeq),
                shortHash(info.journalHead).c_str());
    return zero && !rows.empty();
}

} // namespace tallylock::cli
