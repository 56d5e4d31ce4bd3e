#include "tests/scenario/MarketJudge.h"

#include "core/money/Decimal.h"

#include <QFile>

namespace tallylock::marketplace {

using engine::SaleState;
using ledger::kHouse;

namespace {

using Money = std::map<api::UnitId, Int128>;

std::string textOf(SaleId sale) { return "sale " + std::to_string(sale.value); }
api::FundingMode fundingOf(const engine::SaleChanged& sale) {
    return static_cast<api::FundingMode>(sale.funding.value_or(engine::FundingMode::Fronted));
}
bool isPaid(const SaleFacts& sale) { return sale.hasBeen(SaleState::SellerPaid); }

class Judge {
public:
    Judge(const Marketplace& market, const JournalFacts& facts) : m_market(market), m_facts(facts) {}

    std::vector<std::string> all() {
        demand(m_facts.wrong.empty(), m_facts.wrong);
        demand(m_facts.sequence == m_market.sequence(), "the journal does not end where the people have left it");
        for (const auto& person : m_market.people()) {
            m_name = person->name;
            const Account& account = m_market.accounts().at(person.get());
            kept(person->told(), account);
            nothingTwice(*person, account);
            files(*person);
            money(account);
            history(account);
        }
        houseAndPeople();
        return std::move(m_wrong);
    }

private:
    void demand(bool isSo, const std::string& otherwise) {
        if (!isSo) m_wrong.push_back(m_name.empty() ? otherwise : m_name + ": " + otherwise);
    }
    const SaleFacts* sale(SaleId id) const {
        const auto found = m_facts.sales.find(id);
        return found == m_facts.sales.end() ? nullptr : &found->second;
    }

    /// What was acknowledged is in the journal, and the app shows it.
    void kept(const Told& told, const Account& account) {
        const auto shows = [](const auto& rows, auto is) { return std::any_of(rows.begin(), rows.end(), is); };
        for (const auto& [id, title] : told.listings) {
            const auto found = m_facts.listings.find(id);
            demand(
                found != m_facts.listings.end() && found->second.name == title &&
                    found->second.seller == account.holder &&
                    shows(account.listings, [&, which = id](const auto& row) { return row.id == which && row.mine; }),
                "listing " + std::to_string(id.value) + " was published, and is gone");
        }
        for (const auto& [id, listing] : told.offers) {
            const SaleFacts* facts = sale(id);
            demand(facts && facts->last.listing == listing && facts->last.buyer == account.holder &&
                       shows(account.sales, [&, which = id](const auto& row) { return row.row.id == which; }),
                   textOf(id) + " was offered, and is gone");
        }
        const auto has = [&](const std::set<SaleId>& sales, auto is, const char* what) {
            for (const SaleId id : sales) {
                const SaleFacts* facts = sale(id);
                demand(facts && is(*facts), textOf(id) + what);
            }
        };
        has(
            told.accepted, [](const auto& facts) { return facts.hasBeen(SaleState::Accepted); },
            " was accepted, and is not");
        has(
            told.calledOff, [](const auto& facts) { return facts.last.state == SaleState::Void; },
            " was called off, and is not");
        has(
            told.released, [](const auto& facts) { return facts.last.state == SaleState::Completed; },
            " was content with, and is not completed");
        has(
            told.objected, [](const auto& facts) { return facts.hasBeen(SaleState::Disputed); },
            " was objected to, and is not disputed");
        has(
            told.asked, [](const auto& facts) { return facts.hasLapsed && facts.quotes > 1; },
            " was asked another quote for, and has none");
        for (const auto& [id, sums] : told.agreed) {
            const SaleFacts* facts = sale(id);
            for (const Int128& coins : sums)
                demand(facts && facts->signedAnew.contains(coins), textOf(id) + " was agreed to anew, and is not");
        }
        for (const OrderId id : told.placed) {
            const auto found = m_facts.orders.find(id);
            demand(found != m_facts.orders.end() && found->second.holder == account.holder &&
                       shows(account.orders, [&](const auto& row) { return row.id == id; }),
                   "order " + std::to_string(id.value) + " was placed, and is gone");
        }
        for (const OrderId id : told.cancelled) {
            const auto found = m_facts.orders.find(id);
            demand(found != m_facts.orders.end() && found->second.state == engine::OrderState::Cancelled,
                   "order " + std::to_string(id.value) + " was cancelled, and is not");
        }
        for (const auto& [id, amount] : told.withdrawals) {
            const auto found = m_facts.withdrawals.find(id);
            demand(found != m_facts.withdrawals.end() && found->second.holder == account.holder &&
                       found->second.amount == amount && found->second.state == treasury::WithdrawalState::Sent,
                   "withdrawal " + std::to_string(id) + " was asked for, and has not been paid");
        }
        for (const auto& [unit, sum] : told.deposited) {
            const auto found = account.deposited.find(unit);
            demand(found != account.deposited.end() && found->second >= sum, "a deposit has not arrived");
        }
    }

    /// However often a command was sent again.
    void nothingTwice(const Person& person, const Account& account) {
        std::map<ListingId, int> offers;
        for (const auto& [id, facts] : m_facts.sales) {
            if (facts.last.buyer != account.holder) continue;
            const ListingId listing = facts.last.listing;
            const auto wanted = person.wanted().find(listing);
            demand(++offers[listing] == 1 && wanted != person.wanted().end(), textOf(id) + " was offered for again");
            if (wanted != person.wanted().end())
                demand(fundingOf(facts.last) == wanted->second, textOf(id) + " is paid for in another way than asked");
        }
        std::map<std::string, int> listed;
        for (const auto& [id, facts] : m_facts.listings) {
            if (facts.seller == account.holder)
                demand(++listed[facts.name] == 1, "listing " + std::to_string(id.value) + " was published again");
        }
        const auto orders = std::count_if(m_facts.orders.begin(), m_facts.orders.end(),
                                          [&](const auto& order) { return order.second.holder == account.holder; });
        demand(orders <= person.ordersAsked(), "more orders than were asked for");
    }

    /// What was opened is what was sealed, and was paid for. Whatever is completed was opened.
    void files(const Person& person) {
        for (const auto& [id, path] : person.told().opened) {
            const SaleFacts* facts = sale(id);
            demand(facts && isPaid(*facts), textOf(id) + " was opened, and is not paid for");
            QFile file(path);
            const QByteArray found = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            demand(facts && found == contentOf(facts->last.listing), textOf(id) + " opens to something else");
        }
        const HolderId holder = m_market.accounts().at(&person).holder;
        for (const auto& [id, facts] : m_facts.sales) {
            const bool mustOpen = facts.last.buyer == holder && facts.last.state == SaleState::Completed;
            demand(!mustOpen || person.told().opened.contains(id), textOf(id) + " is completed, and was not opened");
        }
    }
    QByteArray contentOf(ListingId listing) const {
        const auto found = m_facts.listings.find(listing);
        if (found == m_facts.listings.end()) return {};
        for (const auto& person : m_market.people()) {
            const auto file = person->files().find(found->second.name);
            if (file != person->files().end()) return file->second;
        }
        return {};
    }

    /// Nobody has more or less than came from outside, and than their sales and trades say.
    void money(const Account& account) {
        Money due;
        for (const auto& [unit, sum] : account.deposited) due[unit] += sum;
        for (const api::OrderRow& order : account.orders) {
            const int sign = order.side == api::Side::Buy ? 1 : -1;
            due[order.filled.unit] += sign * order.filled.value;
            due[money::kUsd] -= sign * order.filledFiat.value;
            if (!order.fees.isZero()) due[order.fees.unit] -= order.fees.value;
        }
        for (const api::WithdrawalRow& row : account.withdrawals) {
            if (row.state == api::WithdrawalState::Sent) due[row.amount.unit] -= row.amount.value + row.fee.value;
        }
        for (const api::SaleDetail& detail : account.sales) moneyOf(detail, account, due);
        for (const api::UnitId unit : {money::kBtc, money::kEth, money::kXmr, money::kUsd}) {
            const auto of = [unit](const Money& all) {
                const auto found = all.find(unit);
                return found == all.end() ? Int128{0} : found->second;
            };
            const auto found = m_facts.available.find({account.holder, unit});
            const Int128 ledger = found == m_facts.available.end() ? 0 : found->second;
            const auto text = [unit](Int128 value) { return money::formatWithCode({value, unit}); };
            demand(of(account.statement) == ledger,
                   "the statement says " + text(of(account.statement)) + ", and the ledger " + text(ledger));
            demand(of(account.balance) == ledger,
                   "the app says " + text(of(account.balance)) + ", and the ledger " + text(ledger));
            demand(of(due) == ledger, "is due " + text(of(due)) + ", and has " + text(ledger));
        }
    }
    void moneyOf(const api::SaleDetail& detail, const Account& account, Money& due) {
        const api::SaleRow& row = detail.row;
        const SaleFacts* facts = sale(row.id);
        if (!facts) return demand(false, textOf(row.id) + " is not in the journal");
        demand(static_cast<int>(row.state) == static_cast<int>(facts->last.state),
               textOf(row.id) + " is shown in a state that it is not in");
        const engine::SaleChanged& last = facts->last;
        const bool isOver = last.state == SaleState::Completed || last.state == SaleState::Resolved;
        if (!isOver) return; // what was paid waits in the sale
        const bool isConverted = fundingOf(last) == api::FundingMode::Converted;
        demand(last.converted.has_value() == isConverted && detail.converted == last.converted &&
                   (!isConverted || facts->fetched >= last.terms->price.value),
               textOf(row.id) + " is funded by other coins than it says");
        const Int128 toBuyer =
            last.state == SaleState::Resolved && last.dispute->toBuyer ? last.dispute->toBuyer->value : 0;
        if (row.role == api::SaleRole::Seller) {
            due[money::kUsd] += last.terms->price.value - last.terms->fee.value - toBuyer;
            return;
        }
        due[money::kUsd] += toBuyer;
        const auto paid = account.paid.find(row.id);
        if (paid == account.paid.end()) return demand(false, textOf(row.id) + " was paid by somebody else");
        due[last.coin] += paid->second - (isConverted ? last.converted : last.coins)->value;
        if (isConverted) due[money::kUsd] += facts->fetched - last.terms->price.value;
    }
    void houseAndPeople() {
        m_name.clear();
        std::set<HolderId> known{kHouse};
        for (const auto& [person, account] : m_market.accounts()) known.insert(account.holder);
        for (const auto& [place, sum] : m_facts.available)
            demand(known.contains(place.first), "somebody has money whom nobody knows");
    }

    /// The app has not seen the coordinator change what it had signed.
    void history(const Account& account) {
        demand(account.history.alarm == api::HistoryAlarm::None, "the app gives alarm: " + account.history.detail);
        demand(account.history.checkedMs != 0, "the app has never checked the history");
    }

    const Marketplace& m_market;
    const JournalFacts& m_facts;
    std::string m_name;
    std::vector<std::string> m_wrong;
};

} // namespace

std::vector<std::string> judge(const Marketplace& market, const JournalFacts& facts) {
    return Judge(market, facts).all();
}

} // namespace tallylock::marketplace
