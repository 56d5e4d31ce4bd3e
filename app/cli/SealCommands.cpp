#include "app/cli/SealCommands.h"

#include "app/cli/Passphrase.h"
#include "core/asset/AgeArmor.h"
#include "core/asset/AgeKey.h"
#include "core/asset/PartFile.h"
#include "core/asset/SealResume.h"
#include "core/base/Clock.h"
#include "core/crypto/Box.h"
#include "core/keys/PrivateFile.h"

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::cli {

using asset::SealError;

static constexpr std::size_t kMaxKeyFileSize = std::size_t{1} << 20;

static const char* messageOf(SealError error) {
    switch (error) {
    case SealError::NotAge: return "the input is not an age file";
    case SealError::HeaderMalformed: return "the header of the input is malformed";
    case SealError::HeaderTooLong: return "the header of the input is too long";
    case SealError::HeaderForged: return "the header of the input is not authentic";
    case SealError::ArmorMalformed: return "the armor of the input is malformed";
    case SealError::WorkFactorTooHigh: return "the passphrase of the input would cost more work than is allowed";
    case SealError::NoMemory: return "there is not enough memory for the passphrase";
    case SealError::WrongPassphrase: return "the passphrase is wrong";
    case SealError::PassphraseNeeded: return "the input is sealed with a passphrase; use -p";
    case SealError::WrongKey: return "no identity matched any of the recipients";
    case SealError::Truncated: return "the input ends too early";
    case SealError::TrailingData: return "the input goes on after its end";
    case SealError::ChunkDamaged: return "the input is damaged or was altered";
    case SealError::ReadFailed: return "cannot read the input";
    case SealError::WriteFailed: return "cannot write the output";
    default: return asset::nameOf(error);
    }
}

static std::string onlyOr(const std::vector<std::string>& values, const char* otherwise) {
    return values.empty() ? otherwise : values.back();
}

static bool isSameFile(const std::string& one, const std::string& other) {
    std::error_code ignored;
    return one != "-" && other != "-" && std::filesystem::equivalent(one, other, ignored);
}

using Sealed = Result<asset::Portions, SealError>;

static int outcome(const Sealed& done) { return done ? kDone : fail(messageOf(done.error())); }

static std::filesystem::file_type kindOf(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::status(path, ignored).type();
}

// Between what IN and OUT name: `stream(source, sink)` where OUT takes bytes as they come, `file(source)` where OUT is
// a file that is replaced as a whole.
template <class Stream, class File>
static int between(const std::string& in, const std::string& out, Stream stream, File file) {
    if (isSameFile(in, out)) return fail("input and output are the same file");
    auto source = in == "-" ? asset::FileSource::standardInput() : asset::FileSource::open(in);
    if (!source) return fail("cannot open " + in);
    if (out == "-") {
        asset::StreamSink sink(STDOUT_FILENO);
        return outcome(stream(*source, sink));
    }
    const auto kind = kindOf(out);
    if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::regular) {
        const int descriptor = ::open(out.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor < 0) return fail("cannot write " + out);
        asset::StreamSink sink(descriptor);
        const int code = outcome(stream(*source, sink));
        ::close(descriptor);
        return code;
    }
    const Sealed done = file(*source);
    return !done && done.error() == SealError::WriteFailed ? fail("cannot write " + out) : outcome(done);
}

int runKeygen(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'o', "output"}});
    if (!options) return kFailed;
    if (!options->rest().empty()) return fail("keygen takes no argument");
    SystemRandom random;
    SystemClock clock;
    const SecretBytes identity = crypto::newBoxSecret(random);
    const SecretBytes text = asset::keyFileText(identity, clock.wallMs());
    const std::string out = onlyOr(options->values('o'), "-");
    if (out == "-") {
        asset::StreamSink sink(STDOUT_FILENO);
        if (!sink.write(text.view())) return fail("cannot write the key");
    } else if (const auto written = keys::writePrivateFile(out, text.view(), keys::Replace::No); !written) {
        return fail("cannot write " + out + ": " + keys::nameOf(written.error()));
    }
    if (out != "-" || !::isatty(STDOUT_FILENO)) {
        std::fprintf(stderr, "Public key: %s\n", asset::recipientText(crypto::boxKeyOf(identity)).c_str());
    }
    return kDone;
}

static bool refuse(const std::string& why) {
    fail(why);
    return false;
}

// Adds the recipients of -r and -R. A message is said on failure.
static bool addRecipients(const Options& options, std::vector<BoxKey>& recipients) {
    for (const std::string& text : options.values('r')) {
        const auto recipient = asset::parseRecipient(text);
        if (!recipient) return refuse("not a recipient: " + text);
        recipients.push_back(*recipient);
    }
    for (const std::string& path : options.values('R')) {
        const auto bytes = keys::readFile(path, kMaxKeyFileSize);
        if (!bytes) return refuse("cannot read " + path + ": " + keys::nameOf(bytes.error()));
        const auto found = asset::parseRecipients(textOf(*bytes));
        if (!found) return refuse(path + ": " + asset::nameOf(found.error()));
        recipients.insert(recipients.end(), found->begin(), found->end());
    }
    return true;
}

// The passphrase of -p or --passphrase-file, if asked for. False after a message.
static bool takePassphrase(const Options& options, bool isNew, std::vector<SecretBytes>& passphrases) {
    if (!options.has('p') && !options.has('P')) return true;
    auto passphrase = options.has('P') ? readPassphraseFile(onlyOr(options.values('P'), "")) : askPassphrase(isNew);
    if (!passphrase) return false;
    passphrases.push_back(std::move(*passphrase));
    return true;
}

static Sealed sealArmored(asset::Source& source, asset::Sink& sink, const asset::AgeRecipients& recipients,
                          Random& random) {
    asset::ArmoringSink armor(sink);
    auto done = asset::sealAge(source, armor, recipients, random);
    if (!done) return done;
    if (const auto finished = armor.finish(); !finished) return Err(finished.error());
    return done;
}

int runSeal(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'r', "recipient"},
                                                    {'R', "recipients-file"},
                                                    {'p', "passphrase", false},
                                                    {'P', "passphrase-file"},
                                                    {'a', "armor", false},
                                                    {'o', "output"}});
    if (!options) return kFailed;
    if (options->rest().size() > 1) return fail("seal takes one input");
    const bool withPassphrase = options->has('p') || options->has('P');
    const bool withKeys = options->has('r') || options->has('R');
    if (withPassphrase && withKeys) return fail("a passphrase stands alone, without recipients");
    if (!withPassphrase && !withKeys) return fail("seal needs a recipient: -r age1..., -R FILE, or -p");
    std::vector<BoxKey> keys;
    std::vector<SecretBytes> passphrases;
    if (!addRecipients(*options, keys)) return kFailed;
    const std::string in = onlyOr(options->rest(), "-");
    const std::string out = onlyOr(options->values('o'), "-");
    const bool armored = options->has('a');
    if (!options->has('o') && !armored && ::isatty(STDOUT_FILENO)) {
        return fail("refusing to write binary data to the terminal; use -o, or \"-o -\" to do it all the same");
    }
    if (options->values('P') == std::vector<std::string>{"-"} && in == "-") {
        return fail("passphrase and input cannot both be standard input");
    }
    if (!takePassphrase(*options, true, passphrases)) return kFailed;

    asset::AgeRecipients recipients;
    recipients.keys = keys;
    if (withPassphrase) recipients.passphrase = &passphrases.front();
    SystemRandom random;
    const auto stream = [&](asset::Source& source, asset::Sink& sink) {
        return armored ? sealArmored(source, sink, recipients, random)
                       : asset::sealAge(source, sink, recipients, random);
    };
    return between(in, out, stream, [&](asset::Source& source) -> Sealed {
        const bool repeatable = in != "-" && kindOf(in) == std::filesystem::file_type::regular;
        if (repeatable && !armored) return asset::sealAgeFile(in, out, recipients, random);
        auto sink = asset::FileSink::create(out);
        if (!sink) return Err(sink.error());
        auto done = stream(source, *sink);
        if (!done) return done;
        if (const auto kept = sink->commit(); !kept) return Err(kept.error());
        return done;
    });
}

// Adds the identities of a key file. A message is said on failure, and never quotes the file.
static bool addIdentities(const std::string& path, std::vector<SecretBytes>& identities) {
    auto bytes = keys::readFile(path == "-" ? "/dev/stdin" : path, kMaxKeyFileSize);
    if (!bytes) return refuse("cannot read " + path + ": " + keys::nameOf(bytes.error()));
    auto found = asset::parseKeyFile({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    wipe(*bytes);
    if (!found) return refuse(path + ": " + asset::nameOf(found.error()));
    for (SecretBytes& identity : *found) identities.push_back(std::move(identity));
    return true;
}

int runOpen(const Arguments& arguments) {
    const auto options = Options::parse(
        arguments, {{'i', "identity"}, {'p', "passphrase", false}, {'P', "passphrase-file"}, {'o', "output"}});
    if (!options) return kFailed;
    if (!options->has('i') && !options->has('p') && !options->has('P')) {
        return fail("open needs a key file or a passphrase: -i KEYFILE or -p");
    }
    if (options->rest().size() > 1) return fail("open takes one input");
    const std::string in = onlyOr(options->rest(), "-");
    const std::string out = onlyOr(options->values('o'), "-");
    std::vector<SecretBytes> identities;
    std::vector<SecretBytes> passphrases;
    bool inputTaken = in == "-";
    for (const char letter : {'i', 'P'}) {
        for (const std::string& path : options->values(letter)) {
            if (path != "-") continue;
            if (inputTaken) return fail("only one of key file, passphrase and input can be standard input");
            inputTaken = true;
        }
    }
    for (const std::string& path : options->values('i')) {
        if (!addIdentities(path, identities)) return kFailed;
    }
    if (!takePassphrase(*options, false, passphrases)) return kFailed;
    const auto stream = [&](asset::Source& source, asset::Sink& sink) {
        return asset::openAge(source, sink, {.identities = identities, .passphrases = passphrases});
    };
    return between(in, out, stream, [&](asset::Source& source) {
        return asset::writeThroughPart(out, asset::FileSink::Access::Shared,
                                       [&](asset::Sink& sink) { return stream(source, sink); });
    });
}

} // namespace tallylock::cli
