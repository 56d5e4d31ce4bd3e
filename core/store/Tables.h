// Writes what happened into the tables that people query: one row, or a few, an event.
#pragma once

#include "core/engine/Events.h"
#include "core/store/TableStore.h"

#include <map>

namespace tallylock::store {

/// Inside a transaction of the caller's; after one that failed, forget() what it has not written.
class Tables {
public:
    explicit Tables(TableStore& store) : m_db(&store) {}
    Done write(const engine::EventBody& event, std::uint64_t sequence);
    /// At the end of the transaction: each order, balance and sale is written once, however often it has changed. Till
    /// then the events must stay where they are.
    Done flush();
    void forget() {
        m_balances.clear();
        m_sales.clear();
        m_orders.clear();
    }

private:
    /// One line of an order's history. What is not new is left out.
    struct OrderLine {
        OrderId order;
        engine::OrderState state{};
        std::optional<money::Amount> price{};
        std::optional<money::Amount> quantity{};
        std::optional<money::Amount> stopPrice{};
        money::Amount remaining;
        std::optional<market::CancelCause> cause{};
        std::int64_t timeMs = 0;
    };
    Done write(const OrderLine& line);
    /// What an order has become in this transaction. What has not changed is left out.
    struct Order {
        const engine::OrderPlaced* placed = nullptr; ///< if it was placed in it
        std::optional<money::Amount> price{};
        std::optional<money::Amount> quantity{};
        std::optional<money::Amount> stopPrice{};
        money::Amount remaining;
        std::optional<engine::OrderState> state{};
        std::uint64_t sequence = 0;
    };
    Done writeOrder(OrderId id, const Order& order);
    Done writeSale(const engine::SaleChanged& e, std::uint64_t sequence);
    Done writeLimits(HolderId holder, treasury::PolicyChangeId change, const treasury::WithdrawalPolicy& policy);
    Done writeChange(const treasury::PolicyChange& change);
    Done row(const engine::HolderRegistered& e);
    Done row(const engine::FiatAccountSet& e);
    Done row(const engine::UserAdded& e);
    Done row(const engine::IdentifierWanted&) { return {}; }
    Done row(const engine::IdentifierAssigned& e);
    Done row(const engine::DepositChanged& e);
    Done row(const engine::LedgerPosted& e);
    Done row(const engine::StatementLine& e);
    Done row(const engine::BalanceChanged& e);
    Done row(const engine::InstrumentOpened& e);
    Done row(const engine::OrderPlaced& e);
    Done row(const engine::OrderChanged& e);
    Done row(const engine::OrderReplaced& e);
    Done row(const engine::InstrumentSteered& e);
    Done row(const engine::LevelChanged&) { return {}; } // the book is the engine's; its past is the trades
    Done row(const engine::InstructionExecuted& e);
    Done row(const engine::TradePublished&) { return {}; } // the public half of an instruction
    Done row(const engine::ListingPublished& e);
    Done row(const engine::ListingChanged& e);
    Done row(const engine::SaleChanged& e);
    Done row(const engine::ReceiptMade& e);
    Done row(const engine::KeyPartRelayed&) { return {}; } // in the event itself, for its buyer
    Done row(const engine::DisputeStatement& e);
    Done row(const engine::PayoutTargetChanged&) { return {}; } // in the event itself, for the seller
    Done row(const engine::RefundTargetChanged&) { return {}; } // as well, for the buyer
    Done row(const engine::EffectOpened&) { return {}; }
    Done row(const engine::EffectClosed&) { return {}; }
    Done row(const engine::RecordKept&) { return {}; } // in the event itself, for its owner
    Done row(const engine::CustodyPassed& e);
    Done row(const engine::DeviceAdded& e);
    Done row(const engine::DeviceRemoved& e);
    Done row(const engine::RolesSet& e);
    Done row(const engine::OrderLimitSet& e);
    Done row(const engine::AssetAccountSet& e);
    Done row(const engine::StandingChanged& e);
    Done row(const engine::PayoutAddressChanged& e);
    Done row(const engine::WithdrawalChanged& e);
    Done row(const engine::WithdrawalPolicyChanged& e);
    Done row(const engine::WithdrawalFeeSet& e);
    Done row(const engine::DeadManChanged& e);
    Done row(const engine::ReferenceWindowSet& e);
    Done row(const engine::CaseChanged& e);
    Done row(const engine::WatchRuleChanged& e);
    Done row(const engine::WatchedAddressesChanged& e);
    Done row(const engine::CoinStockChanged&) { return {}; } // its orders and instructions have rows
    /// What an operator has done, to what and why.
    Done audit(const char* act, const std::string& subject, const std::string& reason);

    struct Balance {
        engine::BalanceChanged last;
        std::uint64_t sequence = 0;
    };

    TableStore* m_db;
    std::uint64_t m_sequence = 0;
    std::map<std::pair<HolderId, money::UnitId>, Balance> m_balances; ///< changed in this transaction
    struct Sale {
        const engine::SaleChanged* last = nullptr;
        std::uint64_t sequence = 0;
    };
    std::map<SaleId, Sale> m_sales;    ///< the same
    std::map<OrderId, Order> m_orders; ///< the same
};

} // namespace tallylock::store
