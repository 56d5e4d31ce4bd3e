#include "app/cli/IdentifyCommand.h"

#include "app/embedded/MediaHelper.h"
#include "core/asset/Mark.h"
#include "core/keys/Fingerprint.h"
#include "core/keys/PrivateFile.h"

#include <cstdio>
#include <ctime>
#include <filesystem>

namespace tallylock::cli {

using asset::Mark;
using asset::MarkError;
using ports::MediaError;

namespace {

std::string momentText(std::int64_t timeMs) {
    const std::time_t seconds = timeMs / 1000;
    std::tm parts{};
    char text[64];
    if (timeMs < 0 || !::gmtime_r(&seconds, &parts) ||
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
        return "at no possible time";
    }
    return text;
}

void printPerson(const char* what, const IdentityKey& key) {
    const auto fingerprint = keys::Fingerprint::of(key);
    std::printf("%-10s %s\n%-10s %s\n", what, fingerprint.text().c_str(), "", fingerprint.words().c_str());
}

void printMark(const Mark& mark) {
    std::printf("%-10s %s\n", "asset", mark.statement.assetId.hex().c_str());
    printPerson("creator", mark.creator());
    if (mark.owner() != mark.creator()) printPerson("marked by", mark.owner());
    std::printf("%-10s %s\n", "marked", momentText(mark.statement.timeMs).c_str());
    for (const custody::SignedCustody& signedEntry : mark.statement.custody) {
        const custody::CustodyEntry& entry = signedEntry.entry;
        const std::string to = keys::Fingerprint::of(entry.to).text();
        const std::string moment = momentText(entry.timeMs);
        if (entry.kind == custody::CustodyKind::Created) {
            std::printf("%-10s %s created by %s\n", "custody", moment.c_str(), to.c_str());
        } else {
            std::printf("%-10s %s sold to %s, contract %s\n", "", moment.c_str(), to.c_str(),
                        entry.contract.hex().c_str());
        }
    }
    if (mark.copy) {
        const asset::CopyNote& note = mark.copy->note;
        printPerson("copy of", note.buyer);
        std::printf("%-10s %s contract %s\n", "", momentText(note.timeMs).c_str(), note.contract.hex().c_str());
    }
}

int refuse(MarkError error) {
    const std::string reason = asset::nameOf(error);
    switch (error) {
    case MarkError::BadCustody:
    case MarkError::WrongSignature:
    case MarkError::WrongCopyNote: fail("the mark is forged: " + reason); return kForgedMark;
    case MarkError::NewerVersion: return fail("the mark was made by a newer version of Tallylock");
    case MarkError::TooLarge:
    case MarkError::Damaged: break;
    }
    fail("the mark is damaged: " + reason);
    return kDamagedMark;
}

/// The mark in NAME.tallylock; nothing if there is no such file.
std::optional<Result<Bytes, MarkError>> besideIt(const std::string& path) {
    const auto bytes = keys::readFile(asset::sidecarPath(path), asset::kMaxMarkBlock);
    if (!bytes && bytes.error() == keys::FileError::NotFound) return std::nullopt;
    if (!bytes) return Err(bytes.error() == keys::FileError::TooLarge ? MarkError::TooLarge : MarkError::Damaged);
    auto found = asset::findMarkBlock(*bytes);
    if (!found || !*found || (*found)->size != bytes->size()) return Err(MarkError::Damaged);
    return std::move((*found)->mark);
}

} // namespace

int runIdentify(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {});
    if (!options) return kFailed;
    if (options->rest().size() != 1) return fail("identify takes one file");
    const std::string& path = options->rest().front();
    app::MediaHelper helper(app::findMediaProgram());
    auto inside = helper.findMark(path);
    if (!inside && inside.error() == MediaError::Unreadable) return fail("cannot read " + path);
    if (!inside && inside.error() == MediaError::NoHelper) return fail("tallylock-media is not installed");

    Bytes bytes;
    if (inside && !inside->empty()) {
        bytes = std::move(*inside);
    } else if (auto beside = besideIt(path)) {
        if (!*beside) return refuse(beside->error());
        bytes = std::move(**beside);
    } else if (inside) {
        std::fprintf(stderr, "%s carries no tracking mark\n", path.c_str());
        return kNoMark;
    } else if (inside.error() == MediaError::Damaged) {
        fail("the file or its mark is damaged");
        return kDamagedMark;
    } else {
        return fail(std::string("the file cannot be looked into: ") + ports::nameOf(inside.error()));
    }
    const auto mark = asset::readMark(bytes);
    if (!mark) return refuse(mark.error());
    printMark(*mark);
    // What it does not say, so that nobody takes it for more.
    std::puts(
        "\nAll signatures are good. A mark tells whose asset it was taken from; it does not prove that this content\n"
        "is the one that was marked.");
    return kDone;
}

} // namespace tallylock::cli
