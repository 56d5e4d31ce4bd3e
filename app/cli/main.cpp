// tallylock-cli: one command a row.
#include "app/cli/BackupCommand.h"
#include "app/cli/BooksCommand.h"
#include "app/cli/Command.h"
#include "app/cli/DemoCommand.h"
#include "app/cli/FundsCommand.h"
#include "app/cli/IdentifyCommand.h"
#include "app/cli/InspectCommand.h"
#include "app/cli/MarketCommand.h"
#include "app/cli/OperatorCommand.h"
#include "app/cli/OrdersCommand.h"
#include "app/cli/PortionsCommand.h"
#include "app/cli/ProfileCommand.h"
#include "app/cli/SalesCommand.h"
#include "app/cli/SealCommands.h"
#include "app/cli/VerifyCommand.h"
#include "app/servers/Process.h"

#include <QCoreApplication>
#include <cstdio>

using namespace tallylock::cli;

static constexpr auto runCases = [](const Arguments& a) { return runOperator(tallylock::app::kCases, a); };
static constexpr auto runDisputes = [](const Arguments& a) { return runOperator(tallylock::app::kDisputes, a); };
static constexpr auto runUsers = [](const Arguments& a) { return runOperator(tallylock::app::kUsers, a); };
static constexpr auto runMarkets = [](const Arguments& a) { return runOperator(tallylock::app::kMarkets, a); };
static constexpr auto runNode = [](const Arguments& a) { return runOperator(tallylock::app::kNode, a); };

static const Command kCommands[] = {
    {"demo", "[--data DIR] [--story STORY] [FILE]", "play one whole sale of FILE and one trade, on the practice rail",
     runDemo},
    {"verify", "DIR | EVIDENCE | -m MANIFEST FILE | -p PROOF (-m MANIFEST | -r ROOT) PORTION",
     "recompute every hash, signature and sum of a folder, a file of evidence, a sealed file or one portion",
     runVerify},
    {"identify", "FILE", "verify the tracking mark of a file and show whose asset it is", runIdentify},
    {"keygen", "[-o KEY]", "make a key file", runKeygen},
    {"seal", "{-r RECIPIENT | -R FILE}... | -p | -P FILE  [-a] [-o OUT] [IN]", "encrypt a file in the age format",
     runSeal},
    {"open", "{-i KEYFILE}... | -p | -P FILE  [-o OUT] [IN]", "decrypt a file in the age format", runOpen},
    {"inspect", "FILE", "tell what a sealed file, a manifest or a marked file is", runInspect},
    {"portions", "[--root | --proof I | --portion I] [-o OUT] FILE",
     "list the hashes of a sealed file's portions, prove one, or take it out", runPortions},
    {"profile", "list|passphrase|keychain DIR [NAME]", "list the profiles of a folder, or lock one in another way",
     runProfile},
    {"market",
     "replay [--tick T] [--lot L] [--base UNIT] [--quote UNIT] [--maker-bp N] [--taker-bp N] [--stp RULE] "
     "[--funds FILE]",
     "play the orders of a CSV file through a market, and print what happened", runMarket},
    {"funds", "DIR NAME ACT ...", "balances, addresses, withdrawals and their rules of a profile on the node in DIR",
     runFunds},
    {"orders", "DIR NAME ACT ... [--type TYPE] [--stop PRICE] [--stp RULE] [--quantity Q] [--price P] [--account]",
     "the book, and the orders and fills of a profile on the node in DIR", runOrders},
    {"sales", "DIR NAME [list | evidence SALE FILE | decide SALE AMOUNT REASON]",
     "the sales of a profile on the node in DIR, a file that proves one of them to others, and a deputy's verdict",
     runSales},
    {"books", "DIR {trial | statement ACCOUNT UNIT | reconcile | suspense | assign RAIL DEPOSIT ACCOUNT REASON}",
     "trial balance, a statement, the ledger against rails and bank, and deposits that could not be credited",
     runBooks},
    {"backup", "DIR TO", "copy the folder of a node or a server, which may go on running", runBackup},
    {"cases", "DIR [list | rules | rule ... | unrule N | addresses FILE | hold|release|freeze N REASON]",
     "rules over transactions, and the cases that they raise", runCases},
    {"disputes", "DIR [list | decide SALE AMOUNT REASON]", "sales that are disputed, and the arbiter's verdict",
     runDisputes},
    {"users", "DIR [list [NAME] | standing ACCOUNT STANDING EVIDENCE | reset-codes USER]",
     "accounts, their users and their standing", runUsers},
    {"markets", "DIR [list | halt SYMBOL | resume SYMBOL | reference SYMBOL PRICE | window SYMBOL MINUTES | open ...]",
     "the markets of a coordinator", runMarkets},
    {"node", "DIR [status | confirm-clock | withdrawal-fee UNIT AMOUNT]", "how a coordinator stands", runNode},
};

static void printHelp(std::FILE* to) {
    std::fputs("usage: tallylock-cli COMMAND ...\n\n", to);
    for (const Command& command : kCommands) {
        std::fprintf(to, "  %s %s\n      %s\n", command.name, command.usage, command.help);
    }
}

int main(int count, char** values) {
    tallylock::app::forbidCoreDumps();
    tallylock::app::keepFilesPrivate();
    const QCoreApplication application(count, values);
    const Arguments arguments(values + 1, values + count);
    if (arguments.empty()) {
        printHelp(stderr);
        return kFailed;
    }
    const std::string& name = arguments.front();
    if (name == "help" || name == "--help" || name == "-h") {
        printHelp(stdout);
        return kDone;
    }
    if (name == "--version") {
        std::puts("tallylock-cli " TALLYLOCK_VERSION);
        return kDone;
    }
    const bool asksHelp = arguments.size() == 2 && (arguments[1] == "--help" || arguments[1] == "-h");
    for (const Command& command : kCommands) {
        if (name != command.name) continue;
        if (!asksHelp) return command.run({arguments.begin() + 1, arguments.end()});
        std::printf("usage: tallylock-cli %s %s\n\n%s\n", command.name, command.usage, command.help);
        return kDone;
    }
    return fail("unknown command " + name + "; try tallylock-cli help");
}
