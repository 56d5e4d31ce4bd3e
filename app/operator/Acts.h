// What whoever runs a coordinator says to it on the command line, and what it says back. The words are those of
// tallylock-cli; they are carried out where the coordinator is: in that program, or in tallylockd behind its door
// (OperatorDoor.h).
//
//   books     trial | reconcile | statement ACCOUNT UNIT | ...
//   cases     list | rules | ...
//
// One row of kGroups a group, one file a group; an act is a row of its group's table.
#pragma once

#include "app/servers/EventLoop.h"
#include "core/api/Operator.h"

#include <span>

namespace tallylock::app {

using Words = std::vector<std::string>;

/// What a terminal shows, and how the program ends.
struct Said {
    int code = 0; ///< 0: it was done
    std::string out{};
    std::string err{}; ///< one sentence, without its end
};

/// The desk, and the loop that its answers arrive on. One thread.
struct Talk {
    EventLoop& loop;
    api::Operator& desk;
    std::string attached{}; ///< what was in the file that the words name, where they name one

    template <class T, class Question>
    api::Answer<T> ask(Question question) {
        return loop.ask<T>([&](auto done) { question(desk, std::move(done)); });
    }
};

struct Act {
    const char* name;
    std::size_t least; ///< arguments
    std::size_t most;
    Said (*run)(Talk& talk, const Words& arguments);
    bool namesFile = false; ///< the first argument is a file that is read and attached by whoever typed it
};
/// The acts of one word of tallylock-cli.
struct ActGroup {
    const char* name;
    const char* usage; ///< what follows the folder
    std::span<const Act> acts;
    const char* otherwise; ///< the act where none is named
};

/// Null if there is no such group.
const ActGroup* groupNamed(const std::string& name);
/// Null after the sentence is in `wrong`: there is no such act with so many arguments.
const Act* actIn(const ActGroup& group, const Words& words, std::string& wrong);
/// `words`: what follows the folder.
Said perform(const ActGroup& group, Talk& talk, const Words& words);

// --- for the files of the groups -----------------------------------------------------------------------------------

Said failed(std::string sentence);
Said refused(const api::Refusal& refusal);
Said done(const api::Answer<void>& answer);
/// As printf does.
[[gnu::format(printf, 2, 3)]] void add(Said& said, const char* format, ...);
/// As add() takes numbers.
inline unsigned long long number(std::uint64_t value) { return value; }

extern const ActGroup kBooks;
extern const ActGroup kCases;
extern const ActGroup kDisputes;
extern const ActGroup kUsers;
extern const ActGroup kMarkets;
extern const ActGroup kNode;

/// By the account's number, or by its name where only one has it; else why not.
Result<HolderId, std::string> accountNamed(Talk& talk, const std::string& text);

// The books of a folder that nobody runs are printed in the same words.
Said trialOf(const std::vector<api::LedgerRow>& rows);
Said suspenseOf(const std::vector<api::SuspenseRow>& rows);
Said statementOf(const std::vector<api::StatementRow>& rows);
Said reconciliationOf(const std::vector<api::ReconciliationRow>& rows);

} // namespace tallylock::app
