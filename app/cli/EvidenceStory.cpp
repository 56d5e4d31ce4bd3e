#include "app/cli/EvidenceStory.h"

#include "core/keys/Fingerprint.h"
#include "core/money/Decimal.h"
#include "core/wire/Evidence.h"

#include <cstdio>

namespace tallylock::cli {

namespace {
using namespace tallylock::engine;
using escrow::SaleEvent;
using wire::EvidenceError;
using wire::Proven;

/// What has happened, where the command says no more than that. By SaleEvent.
constexpr const char* kEventSentences[] = {
    "The buyer makes an offer.",
    "The buyer withdraws the offer.",
    "The seller takes no offer.",
    "The seller accepts.",
    "The buyer signs the terms.",
    "The seller sends the key to the key server.",
    "The key server has opened the sealed file with the key, and wrapped it.",
    "The coordinator fixes how many coins are due.",
    "The coordinator opens a wallet for the payment.",
    "The buyer agrees to the wallet.",
    "A payment to the wallet is seen.",
    "A payment has left the chain again.",
    "The payment is final.",
    "The buyer has the whole sealed file.",
    "The money for the seller is put into escrow, and the key server holds the key ready.",
    "The seller is paid.",
    "The coins are passed on.",
    "The key server sends the first part of the key.",
    "The key server sends the second part of the key.",
    "The buyer has opened the file.",
    "Everything is settled.",
    "A deadline has passed.",
    "The coordinator closes the wallet.",
    "The seller asks for another price.",
    "The buyer makes a new offer.",
    "The store has the whole sealed file for the buyer.",
    "The buyer has had the time to fetch the sealed file from the store.",
    "The buyer objects.",
    "The buyer says something about the dispute.",
    "The seller says something about the dispute.",
    "The key server finds the file sound.",
    "The key server finds the file bad.",
    "The dispute is decided.",
    "The buyer is content, and the seller need not wait.",
    "The standby key server has opened the sealed file with the key, and takes over.",
    "The key server gives the first part of the key with the file.",
    "The seller names the account that is to be paid.",
    "The seller has signed that the buyer owns the asset now; the file stays where it is.",
    "Nobody has paid while the quote held.",
    "The buyer asks for another quote.",
};
static_assert(std::size(kEventSentences) == static_cast<std::size_t>(SaleEvent::kCount));

std::string offerText(const MakeOffer& offer) {
    return money::formatWithCode(offer.bid) + " at most, and " + money::formatWithCode(offer.minimum) +
           " at least, for listing " + std::to_string(offer.listing.value) + ".";
}
struct Detail {
    std::string operator()(const MakeOffer& c) const { return "The offer: " + offerText(c); }
    std::string operator()(const RenewOffer& c) const { return "The offer: " + offerText(c.offer); }
    std::string operator()(const CounterOffer& c) const { return "It is " + money::formatWithCode(c.price) + "."; }
    std::string operator()(const AcceptOffer& c) const {
        std::string text = "The price is " + money::formatWithCode(c.terms.price) + ", of which the house takes " +
                           money::formatWithCode(c.terms.fee) + " and keeps back " +
                           money::formatWithCode(c.terms.holdback) + " until the end.";
        if (isConverted(c.terms))
            text += " The buyer's coins are sold for it once the sale is delivered, and what is not needed is "
                    "the buyer's.";
        if (escrowsCoins(c.terms)) text += " Until the seller is paid, the buyer's coins are in escrow as they are.";
        if (c.terms.escrowAsset == EscrowAsset::DigitalDollars)
            text += " Until the seller is paid, it is in escrow in digital dollars.";
        return text;
    }
    std::string operator()(const ProvideEscrow& c) const {
        if (!c.conversion) return {};
        return money::formatWithCode(c.conversion->quantity) + " of the buyer's coins were sold for it, for " +
               money::formatWithCode(c.conversion->price) + " each at the least.";
    }
    std::string operator()(const FreezeQuote& c) const { return "They are " + money::formatWithCode(c.coins) + "."; }
    std::string operator()(const OpenWallet& c) const { return "Its address is " + c.address + "."; }
    std::string operator()(const RaiseDispute& c) const { return "In the buyer's words: " + c.text; }
    std::string operator()(const DecideDispute& c) const {
        return "The buyer gets " + money::formatWithCode(c.toBuyer) + " of what was held back: " + c.reason;
    }
    std::string operator()(const ObservePayment& c) const {
        return money::formatWithCode(c.amount) + " in transaction " + c.transaction.hex().substr(0, 16) + ", with " +
               std::to_string(c.confirmations) + " confirmations.";
    }
    template <class Other>
    std::string operator()(const Other&) const {
        return {};
    }
};

/// What the ledger gave to whom.
std::string entryText(const LedgerPosted& entry) {
    std::string text;
    for (const PostedLeg& leg : entry.legs) {
        if (!leg.account.holder || leg.delta.value <= 0) continue;
        text +=
            " " + money::formatWithCode(leg.delta) + " to account " + std::to_string(leg.account.holder.value) + ";";
    }
    const std::string number = " Ledger entry " + std::to_string(entry.entry.value);
    if (text.empty()) return number + ".";
    text.back() = '.';
    return number + ":" + text;
}

void tellLine(std::size_t number, const wire::StoryLine& line) {
    std::string text = kEventSentences[static_cast<std::size_t>(line.event)];
    if (line.command) {
        if (const std::string detail = std::visit(Detail{}, *line.command); !detail.empty()) text += " " + detail;
    }
    if (line.entry) text += entryText(*line.entry);
    std::printf("%3zu  %s  %s  [%s]\n", number, isoTime(line.receipt.timeMs).c_str(), printable(text).c_str(),
                escrow::nameOf(line.receipt.stateAfter));
}

struct Conclusion {
    Proven what;
    const char* text;
};
constexpr Conclusion kConclusions[] = {
    {Proven::TermsAgreed, "buyer and seller have signed the same terms"},
    {Proven::KeyVouched, "the key server has signed that the key opens the sealed file"},
    {Proven::BuyerPaid, "the buyer's payment was final: signed by the coordinator"},
    {Proven::Delivered, "the buyer has signed for the sealed file"},
    {Proven::SellerPaid, "the seller was paid what the terms say: signed by the coordinator"},
    {Proven::Part1Sent, "the first part of the key was sent: signed by the key server"},
    {Proven::Part2Sent, "the second part of the key was sent: signed by the key server"},
    {Proven::Opened, "the buyer has signed that the file opens"},
    {Proven::Refunded, "the buyer was refunded: signed by the coordinator"},
    {Proven::BuyerMadeWhole, "the key was lost, and the buyer was made whole: signed by the coordinator"},
    {Proven::DataFoundBad, "the file was found to be bad: signed by the key server"},
    {Proven::Decided, "what was held back was divided: signed by whom the terms name for it"},
    {Proven::OwnershipPassed, "the seller has signed that the buyer owns the asset"},
};
static_assert(std::size(kConclusions) == static_cast<std::size_t>(Proven::kCount));

void tellWho(const char* role, const IdentityKey& key) {
    std::printf("%-12s %s\n", role, keys::Fingerprint::of(key).text().c_str());
}

/// By EvidenceError.
constexpr const char* kFaults[] = {
    "is no file of evidence",
    "is a file of evidence of another version",
    "is too large for a file of evidence",
    "holds no receipt",
    "is not signed by the coordinator that it names",
    "was not signed as it is: receipts are missing at its end, or were added or changed",
    "is of another sale",
    "does not name the one before it: one is missing, was changed, or is out of its place",
    "is older than the one before it",
    "tells of a step that no sale takes from there",
    "names a signed command that is not there",
    "comes with a command, though it names none",
    "comes with a command whose signature is wrong",
    "comes with another command than it names",
    "comes with a command that does not cause this step",
    "is not signed by whom the step takes",
    "comes with terms that are not those of the offer",
    "names another contract",
    "holds a signed statement that is wrong",
    "names a ledger entry that is not there",
    "comes with another ledger entry than it names, or one that does not sum to zero",
    "moves something else than the terms, or who had to decide, say",
    "holds a signature of the buyer that fits no terms",
    "holds a proof of the payout that is not the coordinator's, or not of this one",
    "counts silence before the time that the terms give is over",
};
static_assert(std::size(kFaults) == static_cast<std::size_t>(EvidenceError::kCount));

int fault(const wire::EvidenceFault& found) {
    const std::string what = found.receipt == 0 ? "the file" : "receipt " + std::to_string(found.receipt);
    return fail("not proven: " + what + " " + kFaults[static_cast<std::size_t>(found.error)]);
}
} // namespace

int verifyEvidence(ByteView file) {
    const auto evidence = wire::readEvidence(file);
    if (!evidence) return fault({evidence.error(), 0});
    const auto story = wire::checkEvidence(*evidence);
    if (!story) return fault(story.error());

    std::printf("Sale %llu, told by its %zu receipts:\n", static_cast<unsigned long long>(story->sale.value),
                story->lines.size());
    for (std::size_t i = 0; i < story->lines.size(); ++i) tellLine(i + 1, story->lines[i]);
    std::printf("Proven by signatures:\n");
    for (const Conclusion& conclusion : kConclusions) {
        if (story->has(conclusion.what)) std::printf("  - %s\n", conclusion.text);
    }
    if (const auto& release = evidence->trail.release; release && release->payout.untilMs)
        std::printf("Shown to the key server before %s, it brings the buyer both parts of the key, also without the "
                    "coordinator\n",
                    isoTime(*release->payout.untilMs).c_str());
    std::printf("%s: %s\n", story->isOver() ? "The sale is over" : "The sale was not over when this was signed",
                escrow::nameOf(story->state()));
    std::printf("Compare these fingerprints with what you know of the people:\n");
    tellWho("coordinator", story->coordinator);
    tellWho("buyer", story->buyer);
    if (story->seller) tellWho("seller", *story->seller);
    if (story->terms) tellWho("key server", story->terms->keyServer.identity);
    if (story->terms && story->terms->standby) tellWho("standby", story->terms->standby->identity);
    if (story->contract) std::printf("contract     %s\n", story->contract->hex().c_str());
    std::printf("journal head %s\n", story->journalHead.hex().c_str());
    return kDone;
}

} // namespace tallylock::cli
