#include "app/cli/VerifyCommand.h"

#include "app/cli/CoordinatorFolder.h"
#include "app/cli/EvidenceStory.h"
#include "app/cli/JournalAudit.h"
#include "app/cli/PortionsCommand.h"
#include "core/asset/Edition.h"
#include "core/keys/PrivateFile.h"
#include "core/ledger/Ledger.h"
#include "core/money/Decimal.h"
#include "core/wire/Evidence.h"

#include <cstdio>
#include <filesystem>

namespace tallylock::cli {

namespace fs = std::filesystem;

namespace {
/// The balances of every account that is not empty, by name, so that two folders can be compared.
void printBalances(const JournalAudit& audit, const ledger::Ledger& ledger) {
    for (const ledger::BalanceRow& row : ledger.trialBalance()) {
        std::printf("balance %s %s%s %s held %s\n", audit.holderName(row.account.holder).c_str(),
                    ledger::nameOf(row.account.purpose),
                    row.account.ref ? (" of sale " + std::to_string(row.account.ref)).c_str() : "",
                    money::formatWithCode({row.balance.total, row.account.unit}).c_str(),
                    money::formatAmount({row.balance.held, row.account.unit}).c_str());
    }
}

/// The sealed file of every listing, hashed anew.
int verifySealedFiles(const JournalAudit& audit, const fs::path& files) {
    for (const auto& [id, listing] : audit.listings()) {
        const fs::path path = files / listing.sealedRoot.hex();
        auto source = asset::FileSource::open(path.string());
        if (!source) return fail("the sealed file of listing " + std::to_string(id.value) + " is not in the store");
        const auto portions = asset::verifySealed(*source, listing.sealedRoot);
        if (!portions) {
            return fail("the sealed file of listing " + std::to_string(id.value) + ": " +
                        asset::nameOf(portions.error()));
        }
        std::printf("sealed file of listing %llu: fits its root\n", static_cast<unsigned long long>(id.value));
    }
    return kDone;
}

int verifyFolder(const fs::path& folder) {
    auto opened = CoordinatorFolder::open(folder);
    if (!opened) return fail(opened.error());
    JournalAudit audit(opened->config());
    const auto replayed =
        opened->replay([&](const wire::Batch& batch, const host::Applied& applied) { audit.batch(batch, applied); });
    if (!replayed) return fail(replayed.error());
    const host::Recovered& state = *replayed;
    if (!audit.problem().empty()) return fail(audit.problem());
    if (!state.engine.ledger().checkSums()) return fail("the ledger does not sum to zero");

    for (const std::string& line : audit.story()) std::printf("%s\n", line.c_str());
    printBalances(audit, state.engine.ledger());
    if (const int failed = verifySealedFiles(audit, opened->path() / "files"); failed != kDone) return failed;
    std::printf("journal: %llu batches, %zu commands (%zu on sessions), %zu signatures; head %s; state %s\n",
                static_cast<unsigned long long>(state.position.batch), audit.commands(), audit.onSessions(),
                audit.signatures(), state.position.head.hex().c_str(), state.engine.stateHash().hex().c_str());
    std::printf("verified: hashes, signatures, receipts, instructions, sealed files; every unit sums to zero\n");
    return kDone;
}
} // namespace

int runVerify(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'m', "manifest"}, {'p', "proof"}, {'r', "root"}});
    if (!options) return kFailed;
    if (options->has('m') || options->has('p') || options->has('r')) return verifySealedFile(*options);
    if (options->rest().size() != 1) {
        return fail("verify takes one folder, one file of evidence, or a sealed file with -m MANIFEST");
    }
    const fs::path folder = options->rest().front();
    if (fs::is_regular_file(folder)) {
        const auto file = keys::readFile(folder.string(), wire::kMaxEvidenceSize);
        if (!file) return fail("cannot read " + folder.string() + ": " + keys::nameOf(file.error()));
        return verifyEvidence(*file);
    }
    if (!fs::is_directory(folder)) return fail("no such folder: " + folder.string());
    return verifyFolder(fs::exists(folder / "node") ? folder / "node" : folder);
}

} // namespace tallylock::cli
