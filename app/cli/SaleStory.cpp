#include "app/cli/Story.h"

#include "core/api/Operator.h"
#include "core/money/Unit.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

namespace tallylock::cli {

namespace {
constexpr std::int64_t kHourMs = 3'600'000;
constexpr int kQuoteStep = 5;             // B5
constexpr int kPart1Step = 12;            // B12
constexpr std::int64_t kCent = 1'000'000; // ledger units of a dollar's hundredth
api::Amount dollars(std::int64_t whole) { return {money::Int128{whole} * 100 * kCent, money::kUsd}; }
const api::Amount kHalf{275 * kCent, money::kUsd}; // of the holdback, which is 5 % of 110 dollars

class SaleStory {
public:
    SaleStory(Story& story, SessionPtr seller, SessionPtr buyer, const SalePlan& plan)
        : m_story(story),
          m_seller(std::move(seller)),
          m_buyer(std::move(buyer)),
          m_plan(plan) {}

    SaleId offer() {
        const auto sales = m_story.ask<std::vector<api::SaleRow>>(
            "list the buyer's sales",
            [&](api::Done<std::vector<api::SaleRow>> done) { m_buyer->sales(std::move(done)); });
        if (!sales.empty()) return sales.front().id;
        const ListingId listing = list();
        return m_story.ask<SaleId>("make the offer", [&](api::Done<SaleId> done) {
            m_buyer->makeOffer(requestOf(m_plan.tale, listing), std::move(done));
        });
    }

    /// The seller's side before B1, until the buyer sees it.
    ListingId list() {
        const ListingId listing = publish(m_plan.path);
        m_story.until("see the listing in the shop", {m_buyer}, [&] {
            const auto shop = listings(m_buyer);
            return std::any_of(shop.begin(), shop.end(), [&](const auto& row) { return row.id == listing; });
        });
        return listing;
    }

    /// Does what is due now; true when the sale is over.
    bool play(SaleId id) {
        const auto theirs = detail(m_seller, id);
        if (!theirs) return false; // the seller has not heard of it yet
        if (theirs->row.state == api::SaleState::Offered) {
            answer(theirs->row);
            return false;
        }
        const auto mine = detail(m_buyer, id);
        if (!mine) return false;
        goesAsAsked(mine->row);
        if (mine->row.state == api::SaleState::Countered) meet(mine->row);
        if (mine->payment) pay(*mine);
        if (mine->newQuote && mine->newQuote->state == api::NewQuoteState::Made) agree(*mine);
        waitInVain(*mine);
        if (mine->row.state == api::SaleState::KeySent2 && isToOpen(*mine)) open(id);
        if (mine->row.state == api::SaleState::Unlocked && mine->inspectionEndsMs != 0) judge(id);
        if (mine->row.state == api::SaleState::Disputed) argue(*mine, *theirs);
        if (!mine->row.terminal) return false;
        if (mine->row.state != endOf(m_plan.tale)) throw StoryFailed{"the sale ended as it should not"};
        return true;
    }

    /// To the house, which has to sell them.
    bool hasBroughtCoins() const {
        return m_plan.tale != SaleTale::Converted && (isOpened() || m_plan.tale == SaleTale::KeyLost);
    }
    bool isOpened() const {
        const api::SaleState end = endOf(m_plan.tale);
        return end == api::SaleState::Completed || end == api::SaleState::Resolved;
    }
    std::string open(SaleId id) {
        return m_story
            .ask<api::LibraryRow>(
                "open the file",
                [&](api::Done<api::LibraryRow> done) { m_buyer->unlock(id, m_plan.openedPath, {}, std::move(done)); })
            .path;
    }

private:
    void answer(const api::SaleRow& sale) {
        if (m_plan.tale != SaleTale::Bargain) {
            m_story.ask<void>("accept the offer", [&](api::Done<void> done) {
                m_seller->acceptOffer(sale.id, dollars(110), std::move(done));
            });
        } else if (sale.counter.isZero()) {
            m_story.ask<void>("ask for more", [&](api::Done<void> done) {
                m_seller->counterOffer(sale.id, dollars(130), kHourMs, std::move(done));
            });
        } // a bid that meets the counter-offer is taken by the seller's app
    }

    static api::SaleState endOf(SaleTale tale) {
        switch (tale) {
        case SaleTale::Void: return api::SaleState::Void;
        case SaleTale::Refund:
        case SaleTale::Undelivered: return api::SaleState::Refunded;
        case SaleTale::Dispute: return api::SaleState::Resolved;
        case SaleTale::KeyLost: return api::SaleState::KeyLost;
        case SaleTale::Sale:
        case SaleTale::Bargain:
        case SaleTale::Rekeying:
        case SaleTale::Requoted:
        case SaleTale::Early:
        case SaleTale::OneChannel:
        case SaleTale::Ownership:
        case SaleTale::Converted:
        case SaleTale::Unsold: break;
        }
        return api::SaleState::Completed;
    }

    static api::OfferRequest requestOf(SaleTale tale, ListingId listing) {
        api::OfferRequest request{listing, money::kBtc, dollars(120), dollars(100)};
        if (tale == SaleTale::Early) request.keyWay = api::KeyWay::PartOneEarly;
        if (tale == SaleTale::OneChannel) request.keyWay = api::KeyWay::OneChannel;
        if (tale == SaleTale::Ownership) request.delivery = api::DeliveryKind::OwnershipOnly;
        if (tale == SaleTale::Converted) request.funding = api::FundingMode::Converted;
        return request;
    }

    void pay(const api::SaleDetail& sale) {
        const SaleTale tale = m_plan.tale;
        const bool isSecondQuote = tale == SaleTale::Requoted && receiptsOf(sale.row.id, kQuoteStep) > 1;
        const bool asksForMoney =
            sale.row.state == api::SaleState::WalletOpen || (isSecondQuote && sale.row.state == api::SaleState::Seen);
        if (!asksForMoney || tale == SaleTale::Void) return;
        const api::PaymentRequest& due = *sale.payment;
        api::Amount amount = due.amount;
        if (tale == SaleTale::Refund || (tale == SaleTale::Requoted && !isSecondQuote)) amount.value /= 2;
        if (tale == SaleTale::Undelivered) m_plan.loseFile(true);
        m_story.payUpTo(due.address, amount);
    }
    void goesAsAsked(const api::SaleRow& sale) const {
        const api::OfferRequest asked = requestOf(m_plan.tale, sale.listing);
        if (sale.keyWay != asked.keyWay || sale.delivery != asked.delivery || sale.funding != asked.funding)
            throw StoryFailed{"the sale goes another way than was asked for"};
    }
    /// By hand, and in the same place in every telling: where part 1 came early, its confirmation runs beside.
    bool isToOpen(const api::SaleDetail& sale) {
        if (sale.row.delivery != api::DeliveryKind::SealedFile || !sale.part1Arrived || !sale.part2Arrived)
            return false;
        return m_plan.tale != SaleTale::Early || receiptsOf(sale.row.id, kPart1Step) > 0;
    }
    std::ptrdiff_t receiptsOf(SaleId id, int step) {
        const auto receipts = m_story.ask<std::vector<api::ReceiptRow>>(
            "read the receipts",
            [&](api::Done<std::vector<api::ReceiptRow>> done) { m_buyer->receipts(id, std::move(done)); });
        return std::count_if(receipts.begin(), receipts.end(), [step](const auto& row) { return row.step == step; });
    }
    void agree(const api::SaleDetail& sale) {
        (void)m_story.loop().ask<void>([&](api::Done<void> done) { // refused if there is another one meanwhile
            m_buyer->agreeToQuote(sale.row.id, sale.newQuote->coins, std::move(done));
        });
    }

    /// In this state nothing comes any more but a deadline, and what it leads to.
    void waitInVain(const api::SaleDetail& sale) {
        static constexpr std::pair<SaleTale, api::SaleState> kWaits[] = {
            {SaleTale::Void, api::SaleState::WalletOpen},    {SaleTale::Refund, api::SaleState::Seen},
            {SaleTale::Undelivered, api::SaleState::Funded}, {SaleTale::Rekeying, api::SaleState::SellerPaid},
            {SaleTale::KeyLost, api::SaleState::SellerPaid}, {SaleTale::KeyLost, api::SaleState::Rekeying},
        };
        // The first quote, half of which is paid.
        if (m_plan.tale == SaleTale::Requoted && sale.row.state == api::SaleState::Seen && sale.payment &&
            !isBusy(sale) && receiptsOf(sale.row.id, kQuoteStep) == 1)
            return m_plan.waitUntil(sale.payment->deadlineMs);
        const std::pair here(m_plan.tale, sale.row.state);
        if (std::find(std::begin(kWaits), std::end(kWaits), here) == std::end(kWaits) || isBusy(sale)) return;
        m_plan.waitUntil(sale.row.deadlineMs);
    }
    /// What runs beside the states, and is to take the same place in every telling.
    static bool isBusy(const api::SaleDetail& sale) {
        if (sale.row.state == api::SaleState::Seen)
            return !sale.payment || sale.payment->confirmations < sale.payment->confirmationsNeeded;
        return sale.row.state == api::SaleState::SellerPaid && sale.settlement != api::Settlement::Done;
    }

    /// The buyer has looked at what was opened. Refused if the time for it is over meanwhile.
    void judge(SaleId id) {
        (void)m_story.loop().ask<void>([&](api::Done<void> done) {
            if (m_plan.tale == SaleTale::Dispute) {
                m_buyer->raiseDispute(id, api::Claim::NotAsDescribed, "Half of the observations are missing.",
                                      std::move(done));
            } else {
                m_buyer->releaseHoldback(id, std::move(done));
            }
        });
    }

    /// The seller answers, and then half of the holdback is the buyer's.
    void argue(const api::SaleDetail& mine, const api::SaleDetail& theirs) {
        if (!theirs.dispute || theirs.row.state != api::SaleState::Disputed) return; // not heard of it yet
        const SaleId id = mine.row.id;
        const auto& said = theirs.dispute->statements;
        const bool answered =
            std::any_of(said.begin(), said.end(), [](const api::SaidRow& row) { return row.by == api::Actor::Seller; });
        if (!answered) {
            m_story.ask<void>("answer the buyer", [&](api::Done<void> done) {
                m_seller->stateInDispute(id, "The description says that they are a sample.", std::move(done));
            });
            return;
        }
        (void)m_story.loop().ask<void>([&](api::Done<void> done) { // refused if it is decided meanwhile
            m_story.node().operatorDesk()->decideDispute(id, kHalf, "Both are right in part.", std::move(done));
        });
    }

    void meet(const api::SaleRow& sale) {
        m_story.ask<void>("meet the counter-offer", [&](api::Done<void> done) {
            m_buyer->renewOffer(sale.id, {sale.listing, money::kBtc, sale.counter, dollars(100)}, std::move(done));
        });
    }

    std::vector<api::ListingRow> listings(const SessionPtr& who) {
        return m_story.ask<std::vector<api::ListingRow>>(
            "look into the shop",
            [&](api::Done<std::vector<api::ListingRow>> done) { who->listings(std::move(done)); });
    }

    std::optional<api::SaleDetail> detail(const SessionPtr& who, SaleId id) {
        auto answer = m_story.loop().ask<api::SaleDetail>(
            [&](api::Done<api::SaleDetail> done) { who->sale(id, std::move(done)); });
        if (answer) return std::move(*answer);
        if (answer.error().problem == api::Problem::SaleUnknown) return std::nullopt;
        throw StoryFailed{std::string("look at the sale: ") + api::nameOf(answer.error().problem)};
    }

    ListingId publish(const std::string& path) {
        for (const api::ListingRow& row : listings(m_seller)) {
            if (row.mine) return row.id;
        }
        auto drafts = m_story.ask<std::vector<api::DraftRow>>(
            "list the drafts", [&](api::Done<std::vector<api::DraftRow>> done) { m_seller->drafts(std::move(done)); });
        if (!drafts.empty() && drafts.front().state == api::DraftState::Interrupted) {
            const Hash assetId = drafts.front().assetId;
            drafts.clear();
            auto resumed = m_story.loop().ask<api::DraftRow>(
                [&](api::Done<api::DraftRow> done) { m_seller->resumeSealing(assetId, {}, std::move(done)); });
            if (resumed)
                drafts.push_back(std::move(*resumed));
            else // the file was made anew
                m_seller->discardDraft(assetId, [](const api::Answer<void>&) {});
        }
        if (drafts.empty()) {
            api::SellRequest request;
            request.path = path;
            request.name = std::filesystem::path(path).filename().string();
            request.description = "A file that was made for practice.";
            request.mediaType = "application/octet-stream";
            request.price = dollars(120);
            drafts.push_back(m_story.ask<api::DraftRow>("seal the file", [&](api::Done<api::DraftRow> done) {
                m_seller->seal(
                    request, [](api::JobProgress) {}, std::move(done));
            }));
        }
        return m_story.ask<ListingId>("publish the listing", [&](api::Done<ListingId> done) {
            m_seller->publish(drafts.front().assetId, std::move(done));
        });
    }

    Story& m_story;
    SessionPtr m_seller;
    SessionPtr m_buyer;
    const SalePlan& m_plan;
};
} // namespace

ListingId tellListing(Story& story, const SessionPtr& seller, const SessionPtr& buyer, const SalePlan& plan) {
    return SaleStory(story, seller, buyer, plan).list();
}

SaleOutcome tellSale(Story& story, const SessionPtr& seller, const SessionPtr& buyer, const SalePlan& plan) {
    SaleStory sale(story, seller, buyer, plan);
    const SaleId id = sale.offer();
    story.until("the sale", {seller, buyer}, [&] { return sale.play(id); });
    if (plan.tale == SaleTale::Undelivered) plan.loseFile(false);
    return {id, sale.isOpened() ? sale.open(id) : std::string(), sale.hasBroughtCoins()};
}

} // namespace tallylock::cli
