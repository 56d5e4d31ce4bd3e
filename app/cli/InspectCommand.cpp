#include "app/cli/InspectCommand.h"

#include "core/asset/AgeArmor.h"
#include "core/asset/AgeHeader.h"
#include "core/asset/AgeKey.h"
#include "core/asset/Manifest.h"
#include "core/asset/Mark.h"
#include "core/asset/SealedReader.h"
#include "core/keys/Fingerprint.h"

#include <algorithm>
#include <cstdio>

namespace tallylock::cli {

using asset::SealError;

namespace {
// One line: what, then how much. Text that others wrote has been checked to hold no control characters.
void line(const char* what, const std::string& value) { std::printf("%-12s %s\n", what, value.c_str()); }

std::string nameOfRecipient(const asset::AgeStanza& stanza) {
    const std::string& type = stanza.arguments.front();
    if (type == "scrypt" && stanza.arguments.size() == 3) {
        return "scrypt (a passphrase, work factor 2^" + stanza.arguments[2] + ")";
    }
    return type;
}

void printHeader(const asset::AgeHeader& header, bool armored) {
    line("kind", armored ? "sealed file (age v1), armored" : "sealed file (age v1)");
    for (const asset::AgeStanza& stanza : header.stanzas) line("recipient", nameOfRecipient(stanza));
    const bool edition = header.hasOneRecipient() && !armored;
    line("edition", edition ? "possible: one X25519 recipient" : "no: not a binary file with one X25519 recipient");
    line("header", std::to_string(header.bytes.size()) + " bytes");
}

int inspectSealed(const std::string& path, bool armored) {
    auto source = asset::FileSource::open(path);
    if (!source) return fail("cannot open " + path);
    asset::DearmoringSource binary(*source);
    asset::BufferedSource buffered(binary);
    const auto header = asset::readAgeHeader(buffered);
    if (!header) return fail(path + ": " + asset::nameOf(header.error()));
    if (armored) { // portions lie only in a binary file
        printHeader(*header, armored);
        return kDone;
    }
    auto again = asset::FileSource::open(path);
    if (!again) return fail("cannot open " + path);
    const auto layout = asset::portionLayout(*again);
    if (!layout) return fail(path + ": " + asset::nameOf(layout.error()));
    printHeader(*header, armored);
    line("sealed size", std::to_string(layout->sealedSize) + " bytes");
    line("plain size", std::to_string(layout->plainSize()) + " bytes");
    line("portions", std::to_string(layout->portionCount()));
    return kDone;
}

void printCustody(const std::vector<custody::SignedCustody>& chain) {
    for (const custody::SignedCustody& link : chain) {
        const std::string to = keys::Fingerprint::of(link.entry.to).text();
        line("custody", (link.entry.kind == custody::CustodyKind::Created ? "created by " : "sold to ") + to + ", " +
                            isoTime(link.entry.timeMs));
    }
}

void printManifest(const asset::Manifest& manifest) {
    line("kind", "manifest, signed by its seller");
    line("asset", manifest.assetId.hex());
    line("name", manifest.name);
    line("media type", manifest.mediaType);
    line("creator", keys::Fingerprint::of(manifest.creator).text());
    line("seller", keys::Fingerprint::of(manifest.seller).text());
    line("created", isoTime(manifest.createdMs));
    line("edition", std::to_string(manifest.edition));
    line("plain size", std::to_string(manifest.plainSize) + " bytes");
    line("sealed size", std::to_string(manifest.sealedSize) + " bytes");
    line("portions", std::to_string(manifest.portionCount));
    line("recipient", asset::recipientText(manifest.recipient));
    line("sealed root", manifest.sealedRoot.hex());
    line("plain root", manifest.plainRoot.hex());
    line("preview", manifest.previewHash.hex());
    printCustody(manifest.custody);
}

// A mark at the end of the file. One inside a picture or document is for `identify`.
int inspectMark(const asset::FoundBlock& found, const std::string& path) {
    const auto mark = asset::readMark(found.mark);
    if (!mark) return fail(path + ": tracking mark: " + asset::nameOf(mark.error()));
    line("kind", "file with a tracking mark at its end");
    line("asset", mark->statement.assetId.hex());
    line("creator", keys::Fingerprint::of(mark->creator()).text());
    line("marked", isoTime(mark->statement.timeMs));
    printCustody(mark->statement.custody);
    if (mark->copy) line("copy of", keys::Fingerprint::of(mark->copy->note.buyer).text());
    return kDone;
}

Result<Bytes, SealError> endOf(asset::FileSource& source, std::size_t most) {
    Bytes tail(std::min<std::uint64_t>(source.size(), most));
    std::size_t have = 0;
    while (have < tail.size()) {
        const auto got = source.readAt(source.size() - tail.size() + have, std::span(tail).subspan(have));
        if (!got) return Err(got.error());
        if (*got == 0) return Err(SealError::ReadFailed);
        have += *got;
    }
    return tail;
}
} // namespace

int runInspect(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {});
    if (!options) return kFailed;
    if (options->rest().size() != 1) return fail("inspect takes one file");
    const std::string& path = options->rest().front();
    auto source = asset::FileSource::open(path);
    if (!source) return fail("cannot open " + path);
    Bytes start(asset::kMaxManifestSize + 1);
    const auto got = asset::readFully(*source, start);
    if (!got) return fail("cannot read " + path);
    start.resize(*got);
    const std::string beginning = textOf(ByteView(start).first(std::min<std::size_t>(start.size(), 64)));
    if (beginning.starts_with("age-encryption.org/")) return inspectSealed(path, false);
    if (beginning.starts_with("-----BEGIN AGE ENCRYPTED FILE-----")) return inspectSealed(path, true);
    const auto manifest = asset::readManifest(start);
    if (manifest) {
        printManifest(manifest->manifest);
        return kDone;
    }
    // What is too large or has not the form of a manifest is something else.
    if (decodeCbor<asset::SignedManifest>(start)) return fail(path + ": " + asset::nameOf(manifest.error()));
    const auto tail = endOf(*source, asset::kMarkTail);
    if (!tail) return fail("cannot read " + path);
    if (const auto found = asset::findMarkBlock(*tail)) {
        if (!*found) return fail(path + ": tracking mark: " + asset::nameOf(found->error()));
        return inspectMark(**found, path);
    }
    return fail(path + " is neither a sealed file nor a manifest, and has no tracking mark at its end");
}

} // namespace tallylock::cli
