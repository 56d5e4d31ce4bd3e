#include "tests/scenario/MarketPerson.h"

#include <QFile>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace tallylock::marketplace {

using api::Answer;
using api::Done;
using api::SaleRole;
using api::SaleState;

namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000;
constexpr std::int64_t kSoonMs = 3'000; ///< an offer that may not live to be answered

/// As often as it stands here.
constexpr Payment kPayments[] = {Payment::Exact,      Payment::Exact,      Payment::Exact,   Payment::Exact,
                                 Payment::Exact,      Payment::Exact,      Payment::TooMuch, Payment::TooMuch,
                                 Payment::InTwoParts, Payment::InTwoParts, Payment::Nothing, Payment::TooLittle};
constexpr api::UnitId kCoins[] = {money::kBtc, money::kBtc, money::kEth, money::kXmr};

/// What nobody who does nothing wrong is ever told.
constexpr Problem kNever[] = {
    Problem::Internal,
    Problem::FolderDamaged,
    Problem::FolderNewer,
    Problem::FolderInUse,
    Problem::VaultDamaged,
    Problem::FileChanged,
    Problem::SealedFileTruncated,
    Problem::SealedFileDamaged,
    Problem::WrongKey,
    Problem::FileNotAsSold,
    Problem::ManifestInvalid,
    Problem::KeyPartsWrong,
    Problem::SignatureInvalid,
    Problem::TermsMismatch,
    Problem::IdReused,
    Problem::Malformed,
    Problem::AmountOverflow,
    Problem::NotRegistered,
    Problem::SaleNotYours,
};

Amount dollars(std::int64_t whole) { return {whole * money::powerOfTen(8), money::kUsd}; }

} // namespace

struct Person::Deed {
    const char* name;
    bool (Person::*begin)();
};
const Person::Deed Person::kDeeds[] = {
    {"seal a file", &Person::seal},
    {"go on with a draft", &Person::goOnWithDraft},
    {"answer an offer", &Person::answerOffer},
    {"answer in a dispute", &Person::answerDispute},
    {"make an offer", &Person::offer},
    {"answer a counter-offer", &Person::answerCounter},
    {"withdraw an offer", &Person::withdrawOffer},
    {"pay", &Person::pay},
    {"do what a new quote asks for", &Person::answerQuote},
    {"open a file", &Person::unlock},
    {"be content or object", &Person::judge},
    {"deposit", &Person::deposit},
    {"place an order", &Person::placeOrder},
    {"change an order", &Person::changeOrder},
    {"cancel an order", &Person::cancelOrder},
    {"withdraw money", &Person::withdraw},
    {"bid for what sales bring", &Person::bid},
};

// --- coming and going --------------------------------------------------------------------------------------------

void Person::enter(SessionPtr session, api::Practice& practice) {
    m_session = std::move(session);
    m_practice = &practice;
    ++m_visit;
    m_isBusy = false;
    m_isIdle = false;
}

void Person::leave() {
    m_session.reset();
    m_practice = nullptr;
    ++m_visit;
}

// --- looking and acting ------------------------------------------------------------------------------------------

void Person::turn() {
    if (!m_session || m_isBusy) return;
    m_isBusy = true;
    if (mood == Mood::Finishing) m_budget = {};
    look();
}

template <class T>
Person::Next Person::seeing(std::vector<T> View::*rows, std::function<void(Done<std::vector<T>>)> ask, Next then) {
    return [this, rows, ask = std::move(ask), then = std::move(then)] {
        ask(goingOn<std::vector<T>>([this, rows, then](const std::vector<T>& seen) {
            m_view.*rows = seen;
            then();
        }));
    };
}

/// One thing after the other; the last one here comes first. What is seen is what the app has heard so far: in the end
/// the coordinator is asked besides, and nobody rests who does not reach it.
void Person::look() {
    Next next = [this] { act(); };
    next = seeing<api::PayoutAddressRow>(
        &View::addresses, [this](auto done) { m_session->treasury().payoutAddresses(done); }, next);
    next = seeing<api::WithdrawalRow>(
        &View::withdrawals, [this](auto done) { m_session->treasury().withdrawals(done); }, next);
    next = seeing<api::BalanceRow>(
        &View::balances, [this](auto done) { m_session->balances(done); }, next);
    next = seeing<api::DraftRow>(
        &View::drafts, [this](auto done) { m_session->drafts(done); }, next);
    next = seeing<api::OrderRow>(
        &View::orders, [this](auto done) { m_session->orders(done); }, next);
    next = seeing<api::LibraryRow>(
        &View::library, [this](auto done) { m_session->library(done); }, next);
    next = seeing<api::ListingRow>(
        &View::listings, [this](auto done) { m_session->listings(done); }, next);
    next = [this, then = std::move(next)] {
        m_view.toPay.clear();
        std::vector<SaleId> open;
        for (const api::SaleRow* sale : salesIn(SaleRole::Buyer, {SaleState::WalletOpen, SaleState::Seen}))
            open.push_back(sale->id);
        lookIntoWallets(std::move(open), then);
    };
    next = seeing<api::SaleRow>(
        &View::sales, [this](auto done) { m_session->sales(done); }, next);
    next();
}

void Person::lookIntoWallets(std::vector<SaleId> left, Next then) {
    if (left.empty()) return then();
    const SaleId id = left.back();
    left.pop_back();
    m_session->sale(id, goingOn<api::SaleDetail>(
                            [this, id, left = std::move(left), then = std::move(then)](const api::SaleDetail& detail) {
                                m_view.toPay[id] = detail;
                                lookIntoWallets(left, then);
                            }));
}

void Person::act() {
    for (const api::LibraryRow& row : m_view.library) { // the app may have been closed before it said so
        if (row.state == api::LibraryState::Unlocked)
            m_told.opened.try_emplace(row.sale, QString::fromStdString(row.path));
    }
    std::size_t order[std::size(kDeeds)];
    std::iota(std::begin(order), std::end(order), std::size_t{0});
    for (std::size_t left = std::size(order); left > 0; --left) {
        std::swap(order[left - 1], order[m_chance.below(left)]);
        if (!(this->*kDeeds[order[left - 1]].begin)()) continue;
        m_isIdle = false;
        if (onAsked) onAsked();
        return;
    }
    m_isIdle = true;
    m_isBusy = false;
}

Done<void> Person::ending(std::function<void()> then, std::function<void()> refused) {
    const auto ended = ending<bool>([then = std::move(then)](bool) { then(); }, std::move(refused));
    return [ended](const Answer<void>& answer) { ended(answer ? Answer<bool>(true) : Err(answer.error())); };
}

void Person::refuse(const api::Refusal& refusal) {
    ++m_refusals[refusal.problem];
    if (std::find(std::begin(kNever), std::end(kNever), refusal.problem) != std::end(kNever) && m_alarm.empty())
        m_alarm = name + " is told " + api::nameOf(refusal.problem) + " " + refusal.detail;
}

// --- what is open ------------------------------------------------------------------------------------------------

bool Person::isLeftAlone(const api::SaleRow& sale) const {
    if (sale.terminal) return true;
    if (sale.state != SaleState::WalletOpen && sale.state != SaleState::Seen) return false;
    if (sale.role == SaleRole::Seller) return true;
    const auto whim = m_whims.find(sale.id);
    if (whim == m_whims.end()) return false;
    return whim->second.payment == Payment::Nothing ||
           (whim->second.payment == Payment::TooLittle && m_paid.contains(sale.id));
}

std::string Person::openMatters() const {
    if (!m_session) return name + " is away";
    std::string open;
    if (m_isBusy) open += " is waiting for an answer;";
    if (!m_isIdle) open += " has something to do;";
    for (const api::SaleRow& sale : m_view.sales) {
        if (!isLeftAlone(sale))
            open += " sale " + std::to_string(sale.id.value) + " in state " +
                    std::to_string(static_cast<int>(sale.state)) +
                    (sale.funding == api::FundingMode::Converted ? ", converted;" : ";");
    }
    for (const api::WithdrawalRow& row : m_view.withdrawals) {
        if (row.state < api::WithdrawalState::Sent) open += " withdrawal " + std::to_string(row.id) + ";";
    }
    for (const api::BalanceRow& row : m_view.balances) {
        if (!row.pending.isZero()) open += " a deposit;";
    }
    return open.empty() ? open : name + ":" + open;
}

bool Person::isAtRest() const { return openMatters().empty(); }

std::vector<const api::SaleRow*> Person::salesIn(SaleRole role, std::initializer_list<SaleState> states) const {
    std::vector<const api::SaleRow*> found;
    for (const api::SaleRow& sale : m_view.sales) {
        if (sale.role == role && std::find(states.begin(), states.end(), sale.state) != states.end())
            found.push_back(&sale);
    }
    return found;
}

Whim& Person::whimOf(SaleId sale) {
    const auto [found, isNew] = m_whims.try_emplace(sale);
    if (isNew) {
        found->second = {kPayments[m_chance.below(std::size(kPayments))], m_chance.oneIn(12),
                         m_chance.oneIn(2) ? api::Claim::BadData : api::Claim::NotAsDescribed};
    }
    return found->second;
}

// --- selling -----------------------------------------------------------------------------------------------------

bool Person::seal() {
    if (m_budget.files == 0) return false;
    const std::string title = name + "'s file " + std::to_string(m_budget.files--);
    QByteArray content(static_cast<qsizetype>(10'000 + m_chance.below(290'000)), 0);
    for (char& byte : content) byte = static_cast<char>(m_chance.below(256));
    const QString path = m_folder + QLatin1Char('/') + QString::fromStdString(title);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) qFatal("cannot write a file");
    m_files[title] = content;
    api::SellRequest request;
    request.path = path.toStdString();
    request.name = title;
    request.description = "For whoever likes it.";
    request.mediaType = "application/octet-stream";
    request.price = dollars(20 + static_cast<std::int64_t>(m_chance.below(200)));
    m_session->seal(request, nullptr, ending<api::DraftRow>([](const api::DraftRow&) {}));
    return true;
}

bool Person::goOnWithDraft() {
    if (m_view.drafts.empty()) return false;
    const api::DraftRow draft = oneOf(m_view.drafts);
    switch (draft.state) {
    case api::DraftState::Whole:
        m_session->publish(draft.assetId, ending<ListingId>([this, title = draft.name](const ListingId& listing) {
                               m_told.listings[listing] = title;
                           }));
        break;
    case api::DraftState::Interrupted:
        m_session->resumeSealing(draft.assetId, nullptr, ending<api::DraftRow>([](const api::DraftRow&) {}));
        break;
    default: m_session->discardDraft(draft.assetId, ending([] {})); break;
    }
    return true;
}

bool Person::answerOffer() {
    const auto open = salesIn(SaleRole::Seller, {SaleState::Offered});
    if (open.empty()) return false;
    const api::SaleRow sale = *oneOf(open);
    const std::uint64_t answer = mood == Mood::Finishing ? 0 : m_chance.below(10);
    if (answer == 9 || m_notAcceptable.contains(sale.id)) {
        m_session->rejectOffer(sale.id, ending([this, sale] { m_told.calledOff.insert(sale.id); }));
        return true;
    }
    if (answer >= 7 && sale.counter.isZero()) {
        const Amount more{sale.bid.value + sale.bid.value / 10, sale.bid.unit};
        m_session->counterOffer(sale.id, more, kDayMs, ending([] {}));
        return true;
    }
    const Int128 room = (sale.bid.value - sale.minimum.value) / money::powerOfTen(6); // cents
    const auto less = static_cast<std::int64_t>(m_chance.below(static_cast<std::uint64_t>(room) + 1));
    const Amount price{sale.bid.value - less * money::powerOfTen(6), sale.bid.unit};
    m_session->acceptOffer(
        sale.id, price,
        ending([this, sale] { m_told.accepted.insert(sale.id); }, [this, sale] { m_notAcceptable.insert(sale.id); }));
    return true;
}

bool Person::answerDispute() {
    for (const api::SaleRow* sale : salesIn(SaleRole::Seller, {SaleState::Disputed})) {
        if (!m_answered.insert(sale->id).second) continue;
        m_session->stateInDispute(sale->id, "It is what the listing says.", ending([] {}));
        return true;
    }
    return false;
}

// --- buying ------------------------------------------------------------------------------------------------------

api::OfferRequest Person::offerFor(const api::ListingRow& listing) {
    api::OfferRequest request;
    request.listing = listing.id;
    request.coin = kCoins[m_chance.below(std::size(kCoins))];
    const auto percent = static_cast<std::int64_t>(80 + m_chance.below(21));
    request.bid = {listing.price.value / 100 * percent, listing.price.unit};
    request.minimum = {request.bid.value / 4 * 3, request.bid.unit};
    request.expiresInMs = m_chance.oneIn(12) ? kSoonMs : kDayMs;
    request.keyWay = static_cast<api::KeyWay>(m_chance.below(static_cast<std::uint64_t>(api::KeyWay::kCount)));
    if (m_chance.oneIn(4)) request.delivery = api::DeliveryKind::OwnershipOnly;
    if (m_offered++ % 3 != 2) { // by count: so that it happens in every run
        request.funding = api::FundingMode::Converted;
        request.coin = money::kBtc; // which is traded
    }
    return request;
}

bool Person::offer() {
    if (m_budget.offers == 0) return false;
    std::vector<const api::ListingRow*> shop;
    for (const api::ListingRow& row : m_view.listings) {
        if (!row.mine && row.available && !m_wanted.contains(row.id)) shop.push_back(&row);
    }
    if (shop.empty()) return false;
    --m_budget.offers;
    const api::OfferRequest request = offerFor(*oneOf(shop));
    m_wanted[request.listing] = request.funding;
    m_session->makeOffer(request, ending<SaleId>([this, listing = request.listing](const SaleId& sale) {
                             m_told.offers[sale] = listing;
                         }));
    return true;
}

bool Person::answerCounter() {
    const auto open = salesIn(SaleRole::Buyer, {SaleState::Countered});
    if (open.empty()) return false;
    const api::SaleRow sale = *oneOf(open);
    if (m_chance.oneIn(3)) {
        m_session->withdrawOffer(sale.id, ending([this, sale] { m_told.calledOff.insert(sale.id); }));
        return true;
    }
    api::OfferRequest request;
    request.listing = sale.listing;
    request.coin = sale.coinDue.unit;
    request.bid = sale.counter;
    request.minimum = sale.minimum;
    request.keyWay = sale.keyWay;
    request.delivery = sale.delivery;
    request.funding = sale.funding;
    m_session->renewOffer(sale.id, request, ending([] {}));
    return true;
}

bool Person::withdrawOffer() {
    for (const api::SaleRow* sale : salesIn(SaleRole::Buyer, {SaleState::Offered})) {
        if (!whimOf(sale->id).withdraws) continue;
        m_session->withdrawOffer(sale->id, ending([this, id = sale->id] { m_told.calledOff.insert(id); }));
        return true;
    }
    return false;
}

bool Person::unlock() {
    for (const api::LibraryRow& row : m_view.library) {
        if (row.state != api::LibraryState::Unlockable) continue;
        const QString path = m_folder + QStringLiteral("/%1-%2").arg(QString::fromStdString(name)).arg(row.sale.value);
        m_session->unlock(row.sale, path.toStdString(), nullptr,
                          ending<api::LibraryRow>(
                              [this, sale = row.sale, path](const api::LibraryRow&) { m_told.opened[sale] = path; }));
        return true;
    }
    return false;
}

bool Person::judge() {
    for (const api::SaleRow* sale : salesIn(SaleRole::Buyer, {SaleState::Unlocked})) {
        const SaleId id = sale->id;
        if (m_told.released.contains(id) || m_told.objected.contains(id)) continue;
        Whim& whim = whimOf(id);
        if (!whim.objects) whim.objects = m_judged++ % 3 == 1; // by count: so that it happens in every run
        if (*whim.objects) {
            m_session->raiseDispute(id, whim.claim, "I had hoped for more.",
                                    ending([this, id] { m_told.objected.insert(id); }));
        } else {
            m_session->releaseHoldback(id, ending([this, id] { m_told.released.insert(id); }));
        }
        return true;
    }
    return false;
}

} // namespace tallylock::marketplace
