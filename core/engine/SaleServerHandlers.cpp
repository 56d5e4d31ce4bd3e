// What the coordinator's own rim and the key server report of a sale: quote, wallet, escrow, payout, key parts.
#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

using escrow::SaleEvent;

static constexpr int kFirstPartStep = 12; // B12

/// R4 of whoever sends it: ReceiptMismatch, SignatureInvalid.
std::optional<Refused> Engine::State::faultOf(const KeyReceipt& receipt, const SaleChanged& view) const {
    const KeyReceiptBody& body = receipt.body;
    if (body.terms != *view.termsHash || body.recipient != view.terms->recipient ||
        body.sealedRoot != view.terms->sealedRoot || body.plainRoot != view.terms->plainRoot || body.check != "full") {
        return Refused::ReceiptMismatch;
    }
    if (!isSigned(cause.signer, "r4", body, receipt.signature)) return Refused::SignatureInvalid;
    return std::nullopt;
}

/// B4. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch, SignatureInvalid.
Reply Engine::State::handle(const WrapKey& c) {
    const auto found = saleFor(c.sale, SaleEvent::KeyWrapped, SaleActor::KeyServer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (const auto fault = faultOf(c.receipt, view)) return refuse(*fault);
    view.keyReceipt = c.receipt;
    makeContractIfSigned(sale);
    advance(sale, SaleEvent::KeyWrapped);
    return done();
}

/// B5, and again behind a quote that has lapsed. SaleUnknown, SaleNotYours, SaleWrongState (or the quote holds),
/// AmountInvalid and kin, QuoteExpired.
Reply Engine::State::handle(const FreezeQuote& c) {
    const auto found = saleFor(c.sale, SaleEvent::QuoteFrozen, SaleActor::Coordinator);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    const bool isDue = view.buyerSignature && (!view.coins || view.quoteLapsed);
    if (!isDue) return refuse(Refused::SaleWrongState, escrow::nameOf(view.state));
    if (const auto bad = checkAmount(c.coins, view.coin)) return refuse(*bad);
    if (c.validUntilMs <= nowMs) return refuse(Refused::QuoteExpired);
    view.coins = c.coins;
    view.quoteUntilMs.reset();
    if (c.lapses.value_or(false)) view.quoteUntilMs = c.validUntilMs;
    view.quoteLapsed.reset();
    if (view.wallet) { // the same wallet: the buyer signs for the new amount
        view.wallet->coins = c.coins;
        view.walletReceipt = crypto::labelledHash("r6", *view.wallet);
        if (TALLYLOCK_PLANTED(QuoteUnsigned)) view.fundingSigned = true;
        setDeadline(sale, unpaidUntil(view));
    }
    advance(sale, SaleEvent::QuoteFrozen);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState. While the quote holds, or is asked for: no effect.
Reply Engine::State::handle(const AskQuote& c) {
    const auto found = saleFor(c.sale, SaleEvent::QuoteAsked, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    const bool isAsked = std::any_of(sale.effects.begin(), sale.effects.end(),
                                     [](const OpenEffect& e) { return e.effect == SaleEffect::FreezeQuote; });
    if (sale.view.quoteLapsed && !isAsked) advance(sale, SaleEvent::QuoteAsked);
    return done();
}

/// B6. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch, ExpiryInvalid, IdentifierInUse.
Reply Engine::State::handle(const OpenWallet& c) {
    const auto found = saleFor(c.sale, SaleEvent::WalletOpened, SaleActor::Coordinator);
    if (!found) return found.error();
    SaleChanged& view = (*found)->view;
    if (c.contract != *view.contract || c.coins != *view.coins) return refuse(Refused::ReceiptMismatch);
    if (c.deadlineMs <= nowMs) return refuse(Refused::ExpiryInvalid);
    if (!treasury.assign({c.rail, c.address, view.coin, {view.buyer, view.sale, (*found)->refundTo}})) {
        return refuse(Refused::IdentifierInUse);
    }
    view.wallet = c;
    view.walletReceipt = crypto::labelledHash("r6", c);
    view.fundingSigned = false;
    view.received = Amount{0, view.coin};
    advance(**found, SaleEvent::WalletOpened);
    lapseIfOver(**found);
    return done();
}

/// B9. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (another contract, the key server's word of an
/// earlier attempt, or an order where the treasury fronts the dollars or none where it does not), SignatureInvalid,
/// then what may be wrong with the order.
Reply Engine::State::handle(const ProvideEscrow& c) {
    const auto found = saleFor(c.sale, SaleEvent::EscrowProvided, SaleActor::Coordinator);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (c.keyReady.contract != *sale.view.contract || c.keyReady.challenge != sale.attempt ||
        c.conversion.has_value() != isConverted(*sale.view.terms)) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (!isSigned(sale.view.terms->keyServer.identity, "key-ready", c.keyReady, c.keyReadySignature)) {
        return refuse(Refused::SignatureInvalid);
    }
    const auto treasurys = [&](UnitId unit) {
        return ledger.balance(ledger::houseAccount(ledger::Purpose::Treasury, unit)).total;
    };
    [[maybe_unused]] const auto before = std::pair(treasurys(config.dollars), treasurys(sale.view.coin));
    std::optional<Amount> fetched;
    if (c.conversion) {
        const auto ticket = checkConversion(sale, *c.conversion);
        if (!ticket) return ticket.error();
        fetched = convert(sale, *ticket);
    }
    sale.view.keyReady = c.keyReady;
    if (TALLYLOCK_PLANTED(DeliveryUnproven)) sale.view.state = SaleState::Delivered;
    const EntryId entry = advance(sale, SaleEvent::EscrowProvided, fetched);
    assert(!fetched || before == std::pair(treasurys(config.dollars), treasurys(sale.view.coin)));
    return done(entry.value);
}

/// B10. SaleUnknown, SaleNotYours, SaleWrongState. Final: a credit on the seller's ledger account.
Reply Engine::State::handle(const PaySeller& c) {
    const auto found = saleFor(c.sale, SaleEvent::SellerPaid, SaleActor::Coordinator);
    if (!found) return found.error();
    return done(advance(**found, SaleEvent::SellerPaid).value);
}

/// B11. SaleUnknown, SaleNotYours, SaleWrongState, AmountInvalid and kin, ReceiptMismatch (more than was quoted or is
/// there, or any where B9 has sold the coins: there `used` is zero).
Reply Engine::State::handle(const MoveCoins& c) {
    const auto found = saleFor(c.sale, SaleEvent::CoinsMoved, SaleActor::Coordinator);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (sale.view.settlement == Settlement::Done) return done();
    if (isConverted(*sale.view.terms)) {
        if (c.used != Amount{0, sale.view.coin}) return refuse(Refused::ReceiptMismatch);
    } else {
        if (const auto bad = checkAmount(c.used, sale.view.coin)) return refuse(*bad);
        if (c.used.value > std::min(fundsOf(sale).value, sale.view.coins->value))
            return refuse(Refused::ReceiptMismatch);
    }
    const EntryId entry = advance(sale, SaleEvent::CoinsMoved, c.used);
    completeIfSettled(sale);
    dropIfOver(c.sale);
    return done(entry.value);
}

/// Part 1 is to come with the file, and nobody is paid yet.
static bool isBeforePayout(SaleState state) { return escrow::findEdge(state, SaleEvent::Part1Given) != nullptr; }

/// B12, B13. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch, SignatureInvalid. The first part rides along
/// where the coordinator is its courier, and is relayed to the buyer; the second never comes this way. A first part
/// that was given with the file opens nothing: the second follows it, and then the word that confirms the first.
Reply Engine::State::handle(const SendPart& c) {
    const bool first = c.note.part == 1;
    if (!first && c.note.part != 2) return refuse(Refused::ReceiptMismatch);
    const OpenSale* known = findSale(c.sale);
    const bool gives = first && known && known->view.terms && known->view.terms->keyWay == KeyWay::PartOneEarly &&
                       isBeforePayout(known->view.state);
    const SaleEvent event = gives ? SaleEvent::Part1Given : (first ? SaleEvent::Part1Sent : SaleEvent::Part2Sent);
    const auto found = saleFor(c.sale, event, SaleActor::KeyServer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    const bool wasGiven = view.partOneConfirmed.has_value();
    const bool isOutOfTurn = first ? view.step > kFirstPartStep : view.step < kFirstPartStep;
    if (isOutOfTurn && !wasGiven) {
        return refuse(Refused::SaleWrongState, escrow::nameOf(view.state));
    }
    const bool isRelayed = first && view.terms->courier1 == CourierKind::CoordinatorMailbox;
    if (c.note.contract != *view.contract || isRelayed == c.box.empty() ||
        (isRelayed && crypto::labelledHash("part", encodeCbor(c.box)) != c.note.partHash)) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (!isSigned(cause.signer, "key-part", c.note, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    if (first && wasGiven) {
        const bool isEarly = gives || view.state == SaleState::SellerPaid || *view.partOneConfirmed;
        if (isEarly) return done(); // the buyer has it, and part 2 is still to come, or all is said
        view.partOneConfirmed = true;
        advance(sale, event);
        return done();
    }
    if (first && view.step >= kFirstPartStep) return done(); // the buyer has it
    if (gives) view.partOneConfirmed = false;
    if (isRelayed) emit(Audience::only(view.buyer), KeyPartRelayed{c.sale, c.note, c.signature, c.box});
    if (TALLYLOCK_PLANTED(KeyEarly) && view.state == SaleState::Escrowed) return done();
    advance(sale, event);
    return done();
}

/// B4 once more, in Rekeying. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch, SignatureInvalid. Again: no
/// effect.
Reply Engine::State::handle(const RewrapKey& c) {
    const auto found = saleFor(c.sale, SaleEvent::KeyRewrapped, SaleActor::StandbyServer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (const auto fault = faultOf(c.receipt, view)) return refuse(*fault);
    if (view.standbyReceipt) return done();
    view.standbyReceipt = c.receipt;
    view.step = std::min<std::uint8_t>(view.step, kFirstPartStep - 1); // its own first part is still to come
    view.partOneConfirmed.reset();
    advance(sale, SaleEvent::KeyRewrapped);
    return done();
}

/// A refund's last act. SaleUnknown, SaleNotYours, SaleWrongState.
Reply Engine::State::handle(const CloseWallet& c) {
    const auto found = saleFor(c.sale, SaleEvent::WalletClosed, SaleActor::Coordinator);
    if (!found) return found.error();
    const EntryId entry = advance(**found, SaleEvent::WalletClosed);
    dropIfOver(c.sale);
    return done(entry.value);
}

} // namespace tallylock::engine
