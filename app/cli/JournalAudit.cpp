#include "app/cli/JournalAudit.h"

#include "core/money/Decimal.h"

namespace tallylock::cli {

void JournalAudit::batch(const wire::Batch& batch, const host::Applied& applied) {
    if (!wire::verifyBatch(batch, m_config.coordinator.identity)) {
        fail("batch " + std::to_string(batch.number) + " is not signed by the coordinator");
    }
    ++m_signatures;
    for (const Bytes& entry : batch.entries) command(batch, entry);
    for (const ports::Projected& part : applied.projected) {
        for (const engine::Event& one : part.events) event(one.body);
    }
}

void JournalAudit::command(const wire::Batch& batch, ByteView entry) {
    const auto refuse = [&](wire::WireError error) {
        fail("batch " + std::to_string(batch.number) + " holds a command with " + wire::nameOf(error));
    };
    std::span<const IdentityKey> devices;
    if (batch.devices) devices = *batch.devices;
    const auto read = wire::readEntry(entry, devices);
    if (!read) return refuse(read.error());
    m_commandHashes.insert(read->command.hash);
    ++m_commands;
    if (read->place) {
        ++m_onSessions;
    } else if (const auto opened = wire::openCommand(entry); !opened) {
        refuse(opened.error());
    } else {
        ++m_signatures;
    }
}

void JournalAudit::event(const engine::EventBody& body) {
    if (const auto* registered = std::get_if<engine::HolderRegistered>(&body)) {
        m_holders[registered->holder] = registered->name;
    } else if (const auto* listed = engine::bodyIf<engine::ListingPublished>(body)) {
        m_listings[listed->listing] = {listed->name, listed->sealedRoot};
    } else if (const auto* made = std::get_if<engine::ReceiptMade>(&body)) {
        receipt(*made);
    } else if (const auto* changed = engine::bodyIf<engine::SaleChanged>(body)) {
        sale(*changed);
    } else if (const auto* executed = std::get_if<engine::InstructionExecuted>(&body)) {
        instruction(*executed);
    }
}

void JournalAudit::receipt(const engine::ReceiptMade& receipt) {
    const std::string name =
        "receipt of sale " + std::to_string(receipt.sale.value) + ", step " + std::to_string(receipt.step);
    Hash& last = m_lastReceipt[receipt.sale];
    if (receipt.previous != last) fail(name + ": does not follow the one before");
    if (!receipt.command.isZero() && !m_commandHashes.contains(receipt.command)) {
        fail(name + ": names a command that is not in the journal");
    }
    last = wire::receiptHash(receipt);
    m_story.push_back("receipt sale " + std::to_string(receipt.sale.value) + " B" + std::to_string(receipt.step) +
                      " attempt " + std::to_string(receipt.attempt) + " " + escrow::nameOf(receipt.actor) + " -> " +
                      escrow::nameOf(receipt.stateAfter) + (receipt.entry ? " with a ledger entry" : ""));
}

bool JournalAudit::signedBy(const IdentityKey& key, std::string_view label, ByteView cbor, const Signature& signature) {
    ++m_signatures;
    return crypto::verify(key, label, cbor, signature);
}

void JournalAudit::sale(const engine::SaleChanged& sale) {
    m_sales[sale.sale] = sale;
    const std::string name = "sale " + std::to_string(sale.sale.value);
    if (!sale.terms) return;
    const Hash t = crypto::labelledHash("terms", *sale.terms);
    if (t != *sale.termsHash) fail(name + ": the hash of its terms is wrong");
    const Bytes accepted = encodeCbor(engine::TermsAcceptance{t});
    if (!signedBy(sale.sellerKeys.identity, "accept-terms", accepted, *sale.sellerSignature)) {
        fail(name + ": the seller has not signed the terms");
    }
    if (sale.buyerSignature && !signedBy(sale.buyerKeys.identity, "accept-terms", accepted, *sale.buyerSignature)) {
        fail(name + ": the buyer has not signed the terms");
    }
    if (sale.keyReceipt &&
        !signedBy(m_config.keyServer.identity, "r4", encodeCbor(sale.keyReceipt->body), sale.keyReceipt->signature)) {
        fail(name + ": the key server has not signed R4");
    }
    if (sale.standbyReceipt && !signedBy(sale.terms->standby->identity, "r4", encodeCbor(sale.standbyReceipt->body),
                                         sale.standbyReceipt->signature)) {
        fail(name + ": the standby key server has not signed its R4");
    }
    if (sale.contract) {
        const engine::Contract contract{*sale.terms, *sale.sellerSignature, *sale.buyerSignature, *sale.keyReceipt};
        if (crypto::labelledHash("contract", contract) != *sale.contract) fail(name + ": its contract hash is wrong");
    }
    if (sale.deliveryReceipt &&
        (sale.deliveryReceipt->sealedRoot != sale.terms->sealedRoot ||
         !signedBy(sale.buyerKeys.identity, "r8", encodeCbor(*sale.deliveryReceipt), *sale.deliverySignature))) {
        fail(name + ": the buyer has not signed R8");
    }
}

void JournalAudit::instruction(const engine::InstructionExecuted& executed) {
    const market::Instruction& i = executed.instruction;
    if (i.number.value != ++m_lastInstruction) fail("instructions are not numbered without gaps");
    if (crypto::labelledHash("instruction", i) != executed.hash) {
        fail("instruction " + std::to_string(i.number.value) + ": its hash is wrong");
    }
    m_story.push_back("instruction " + std::to_string(i.number.value) + " " + holderName(i.buyer) + " buys " +
                      money::formatWithCode(i.quantity) + " from " + holderName(i.seller) + " for " +
                      money::formatWithCode(i.fiat));
}

std::string JournalAudit::holderName(HolderId holder) const {
    const auto found = m_holders.find(holder);
    if (found != m_holders.end()) return found->second;
    return holder == ledger::kHouse ? "house" : "holder " + std::to_string(holder.value);
}

} // namespace tallylock::cli
