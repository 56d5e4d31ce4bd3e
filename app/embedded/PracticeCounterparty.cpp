#include "app/embedded/PracticeCounterparty.h"

#include "app/embedded/SampleAsset.h"
#include "core/money/Unit.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

namespace tallylock::app {

using api::Answer;
using api::Done;
using money::Amount;
using money::kBtc;
using money::kUsd;

namespace {

constexpr const char* kShownName = "Practice counterparty";
constexpr std::int64_t kLookAgainMs = 1'000;
constexpr std::int64_t kFundAgainMs = 10'000;
constexpr std::int64_t kBuysUpToDollars = 1'000;
constexpr std::int64_t kAcceptsFromPercent = 80;
constexpr std::int64_t kAsksForMoreFromPercent = 50;
constexpr std::int64_t kGoesUpToPercent = 110;
constexpr std::int64_t kAnswerWithinMs = 24 * 3600 * 1000;
// On each market: levels on both sides of the middle, in dollars, and a quantity in ten-thousandths of a coin.
constexpr std::int64_t kMiddleDollars = 50'000;
constexpr std::int64_t kFirstStepDollars = 25;
constexpr std::int64_t kNextStepDollars = 50;
constexpr int kLevels = 4;
constexpr std::int64_t kLevelQuantity = 200;

Amount practiceDollars(std::int64_t whole) {
    return {whole * money::powerOfTen(money::findUnit(kUsd)->ledgerDecimals), kUsd};
}
Amount practiceCoins(std::int64_t tenThousandths) {
    return {tenThousandths * money::powerOfTen(money::findUnit(kBtc)->ledgerDecimals - 4), kBtc};
}

} // namespace

PracticeCounterparty::PracticeCounterparty(OpenSession openSession, OpenPractice openPractice, Decide decide,
                                           std::string workFolder, Done<void> started)
    : m_decide(std::move(decide)),
      m_workFolder(std::move(workFolder)) {
    m_thread.post([this, openSession = std::move(openSession), openPractice = std::move(openPractice),
                   started = std::move(started)] { start(openSession, openPractice, started); });
}

PracticeCounterparty::~PracticeCounterparty() {
    std::promise<void> ended;
    const bool posted = m_thread.post([&] {
        m_practice.reset();
        m_session.reset();
        ended.set_value();
    });
    if (posted) ended.get_future().wait();
    m_thread.stop();
}

void PracticeCounterparty::start(const OpenSession& openSession, const OpenPractice& openPractice,
                                 const Done<void>& started) {
    // The thread ends before this object does, so `this` is there in every task that it runs.
    const api::Executor executor = [this](std::function<void()> task) { m_thread.post(std::move(task)); };
    auto session = openSession(executor);
    if (!session) return started(Err(session.error()));
    m_session = std::move(*session);
    m_practice = openPractice(executor);
    m_session->watch([this](api::Topic) { lookSoon(); });
    started({});
    look();
    lookLater();
}

void PracticeCounterparty::lookSoon() {
    if (std::exchange(m_lookComing, true)) return;
    m_thread.postLater(20, [this] {
        m_lookComing = false;
        look();
    });
}

void PracticeCounterparty::lookLater() {
    m_thread.postLater(kLookAgainMs, [this] {
        look();
        lookLater();
    });
}

void PracticeCounterparty::look() {
    if (!m_session) return;
    m_session->account([this](Answer<api::AccountInfo> account) {
        if (!m_session || !account) return;
        if (!account->holder) {
            if (begin("register")) m_session->registerHolder(kShownName, false, ending<HolderId>("register"));
            return;
        }
        tendListings();
        tendSales();
        tendLibrary();
        tendFunds();
        tendMarkets();
    });
}

// --- selling and buying ----------------------------------------------------------------------------------------------

void PracticeCounterparty::tendListings() {
    m_session->listings([this](Answer<std::vector<api::ListingRow>> listings) {
        if (!listings || !m_session) return;
        for (const SampleAsset& sample : {sampleText(), samplePicture()}) {
            const bool listed = std::any_of(listings->begin(), listings->end(), [&](const api::ListingRow& row) {
                return row.mine && row.available && row.name == sample.name;
            });
            if (!listed) listSample(sample.fileName);
        }
        m_session->sales([this, listings](Answer<std::vector<api::SaleRow>> sales) {
            if (sales && m_session) offerFor(*listings, *sales);
        });
    });
}

/// A draft of it may be there from before a restart: then that one is published.
void PracticeCounterparty::listSample(const std::string& fileName) {
    if (!begin(fileName)) return;
    m_session->drafts([this, fileName](Answer<std::vector<api::DraftRow>> drafts) {
        const SampleAsset sample = fileName == sampleText().fileName ? sampleText() : samplePicture();
        if (!drafts || !m_session) return end(fileName);
        for (const api::DraftRow& draft : *drafts) {
            if (draft.name != sample.name) continue;
            if (draft.state == api::DraftState::Whole)
                return m_session->publish(draft.assetId, ending<ListingId>(fileName));
            m_session->discardDraft(draft.assetId, [](const Answer<void>&) {}); // sealed anew below
        }
        const std::string path = m_workFolder + "/" + sample.fileName;
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        for (const std::uint8_t byte : sample.content) file.put(static_cast<char>(byte));
        file.close();
        if (!file) return end(fileName);
        m_session->seal({path, sample.name, sample.description, sample.mediaType, practiceDollars(sample.priceDollars),
                         sample.preview},
                        nullptr, [this, fileName](Answer<api::DraftRow> draft) {
                            if (!draft || !m_session) return end(fileName);
                            m_session->publish(draft->assetId, ending<ListingId>(fileName));
                        });
    });
}

void PracticeCounterparty::offerFor(const std::vector<api::ListingRow>& listings,
                                    const std::vector<api::SaleRow>& sales) {
    for (const api::ListingRow& listing : listings) {
        if (listing.mine || !listing.available || listing.price.unit != kUsd) continue;
        if (listing.price.value > practiceDollars(kBuysUpToDollars).value) continue;
        const bool offered = std::any_of(sales.begin(), sales.end(), [&](const api::SaleRow& sale) {
            return sale.listing == listing.id && sale.role == api::SaleRole::Buyer;
        });
        if (offered || !m_offered.insert(listing.id).second) continue;
        api::OfferRequest offer;
        offer.listing = listing.id;
        offer.coin = kBtc;
        offer.bid = listing.price;
        offer.minimum = listing.price;
        m_session->makeOffer(offer, [this, id = listing.id](Answer<SaleId> made) {
            if (!made) m_offered.erase(id);
        });
    }
}

void PracticeCounterparty::tendSales() {
    m_session->sales([this](Answer<std::vector<api::SaleRow>> sales) {
        if (!sales || !m_session) return;
        for (const api::SaleRow& sale : *sales) {
            if (sale.terminal) continue;
            if (sale.role == api::SaleRole::Seller && sale.state == api::SaleState::Offered) judgeOffer(sale);
            if (sale.role == api::SaleRole::Buyer && sale.state == api::SaleState::Countered) judgeCounter(sale);
            if (sale.role == api::SaleRole::Buyer && sale.state == api::SaleState::WalletOpen) pay(sale);
            if (sale.role == api::SaleRole::Buyer && sale.state == api::SaleState::Unlocked) beContent(sale);
            if (sale.role == api::SaleRole::Seller && sale.state == api::SaleState::Disputed) answerDispute(sale);
        }
    });
}

void PracticeCounterparty::judgeOffer(const api::SaleRow& sale) {
    const std::string deed = "offer " + std::to_string(sale.id.value);
    if (!begin(deed)) return;
    m_session->listings([this, sale, deed](Answer<std::vector<api::ListingRow>> listings) {
        if (!listings || !m_session) return end(deed);
        for (const api::ListingRow& listing : *listings) {
            if (listing.id != sale.listing) continue;
            const auto isAtLeast = [&](std::int64_t percent) {
                return sale.bid.value >= listing.price.value / 100 * percent;
            };
            if (isAtLeast(kAcceptsFromPercent) && listing.available)
                return m_session->acceptOffer(sale.id, sale.bid, ending<void>(deed));
            if (isAtLeast(kAsksForMoreFromPercent) && listing.available)
                return m_session->counterOffer(sale.id, listing.price, kAnswerWithinMs, ending<void>(deed));
            return m_session->rejectOffer(sale.id, ending<void>(deed));
        }
        end(deed);
    });
}

void PracticeCounterparty::judgeCounter(const api::SaleRow& sale) {
    const std::string deed = "counter-offer " + std::to_string(sale.id.value);
    if (!begin(deed)) return;
    if (sale.counter.value > sale.bid.value / 100 * kGoesUpToPercent)
        return m_session->withdrawOffer(sale.id, ending<void>(deed));
    api::OfferRequest offer{sale.listing, sale.coinDue.unit, sale.counter, sale.counter, kAnswerWithinMs};
    m_session->renewOffer(sale.id, offer, ending<void>(deed));
}

void PracticeCounterparty::beContent(const api::SaleRow& sale) {
    const std::string deed = "content " + std::to_string(sale.id.value);
    if (!begin(deed)) return;
    m_session->releaseHoldback(sale.id, [this, deed](const Answer<void>& answer) {
        if (!answer) end(deed);
    });
}

void PracticeCounterparty::answerDispute(const api::SaleRow& sale) {
    const std::string deed = "dispute " + std::to_string(sale.id.value);
    if (!begin(deed)) return;
    if (!sale.needsMe) return arbitrate(sale); // answered before a restart
    m_session->stateInDispute(sale.id, "This is practice: the file is what the listing says.",
                              [this, deed, sale](const Answer<void>& answer) { answer ? arbitrate(sale) : end(deed); });
}

/// There is nobody in a practice node who could look into it: half of it each.
void PracticeCounterparty::arbitrate(const api::SaleRow& sale) {
    m_session->sale(sale.id, [this](const Answer<api::SaleDetail>& detail) {
        if (!detail) return;
        const Amount half{detail->holdback.value / 2, detail->holdback.unit};
        m_decide(detail->row.id, half, "This is practice: each gets half of what was held back.");
    });
}

void PracticeCounterparty::pay(const api::SaleRow& sale) {
    m_session->sale(sale.id, [this](Answer<api::SaleDetail> detail) {
        if (!detail || !detail->payment || !m_practice) return;
        const api::PaymentRequest& due = *detail->payment;
        if (due.received.value >= due.amount.value || !m_paid.insert(detail->row.id).second) return;
        const Amount rest{due.amount.value - due.received.value, due.amount.unit};
        m_practice->payToAddress(rest.unit, due.address, rest, [this, id = detail->row.id](Answer<void> paid) {
            if (!paid) m_paid.erase(id);
        });
    });
}

void PracticeCounterparty::tendLibrary() {
    m_session->library([this](Answer<std::vector<api::LibraryRow>> library) {
        if (!library || !m_session) return;
        for (const api::LibraryRow& row : *library) {
            const std::string deed = "unlock " + std::to_string(row.sale.value);
            if (row.state != api::LibraryState::Unlockable || !begin(deed)) continue;
            m_session->unlock(row.sale, {}, {}, ending<api::LibraryRow>(deed));
        }
    });
}

// --- markets -------------------------------------------------------------------------------------------------------

void PracticeCounterparty::tendFunds() {
    m_session->balances([this](Answer<std::vector<api::BalanceRow>> balances) {
        if (!balances || !m_session) return;
        for (const api::BalanceRow& row : *balances) m_available[row.unit] = row.available.value;
        for (const Amount& wanted : {practiceDollars(20'000), practiceCoins(4'000)}) {
            money::Int128 have = 0;
            for (const api::BalanceRow& row : *balances) {
                if (row.unit == wanted.unit) have = row.available.value + row.pending.value;
            }
            const std::string deed = "fund " + std::to_string(wanted.unit.value);
            if (have >= wanted.value || !begin(deed)) continue;
            // A deposit takes a while to be seen; until then it is not asked for again.
            m_thread.postLater(kFundAgainMs, [this, deed] { end(deed); });
            const Amount amount{wanted.value * 5, wanted.unit};
            m_session->depositIdentifier(wanted.unit, [this, amount](Answer<api::DepositRow> place) {
                if (!place || !m_practice) return;
                const auto done = [](const Answer<void>&) {};
                if (amount.unit == kUsd)
                    m_practice->bankTransfer(amount.unit, place->identifier, amount, done);
                else
                    m_practice->payToAddress(amount.unit, place->identifier, amount, done);
            });
        }
    });
}

void PracticeCounterparty::tendMarkets() {
    m_session->instruments([this](Answer<std::vector<api::InstrumentRow>> markets) {
        if (!markets || !m_session || !begin("markets")) return;
        m_session->orders([this, markets](Answer<std::vector<api::OrderRow>> orders) {
            end("markets");
            if (!orders || !m_session) return;
            for (const api::InstrumentRow& market : *markets) {
                if (market.base == kBtc && market.quote == kUsd) quote(market, *orders);
            }
        });
    });
}

void PracticeCounterparty::quote(const api::InstrumentRow& market, const std::vector<api::OrderRow>& orders) {
    for (const api::Side side : {api::Side::Buy, api::Side::Sell}) {
        for (int level = 0; level < kLevels; ++level) {
            const std::int64_t away = kFirstStepDollars + level * kNextStepDollars;
            const bool buys = side == api::Side::Buy;
            const Amount price = practiceDollars(buys ? kMiddleDollars - away : kMiddleDollars + away);
            const bool open = std::any_of(orders.begin(), orders.end(), [&](const api::OrderRow& order) {
                return order.instrument == market.id && order.state == api::OrderState::Open && order.side == side &&
                       order.price == price;
            });
            const Amount quantity = practiceCoins(kLevelQuantity * (level + 1));
            const auto cost = money::quoteFor(quantity, price, money::Rounding::Up);
            const Amount needed = buys && cost ? *cost : quantity;
            const std::string deed = std::string(buys ? "bid " : "ask ") + std::to_string(level);
            if (open || m_available[needed.unit] < needed.value || !begin(deed)) continue;
            m_session->placeOrder({market.id, side, price, quantity, {}}, [this, deed](Answer<api::OrderRow>) {
                m_thread.postLater(kLookAgainMs, [this, deed] { end(deed); });
            });
        }
    }
}

} // namespace tallylock::app
