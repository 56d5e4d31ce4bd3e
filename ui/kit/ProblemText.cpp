#include "ui/kit/ProblemText.h"

#include <QCoreApplication>

namespace tallylock::ui {

namespace {

class ProblemTexts {
    Q_DECLARE_TR_FUNCTIONS(ProblemTexts)
public:
    static QString profileOrPhrase(api::Problem problem);
    static QString file(api::Problem problem);
    static QString amount(api::Problem problem);
    static QString sale(api::Problem problem);
    static QString exchange(api::Problem problem);
    static QString payout(api::Problem problem);
    static QString node(api::Problem problem);
};

using api::Problem;

// In the texts, %1 is the refusal's detail. A text without %1 leaves the detail out.
QString ProblemTexts::profileOrPhrase(Problem problem) {
    switch (problem) {
    case Problem::ProfileExists: return tr("A profile with this name exists already. Choose another name.");
    case Problem::ProfileNameInvalid:
        return tr("A profile's name has 1 to 32 letters, digits, hyphens or underscores. Choose another name.");
    case Problem::ProfileUnknown: return tr("There is no such profile here. Choose one from the list.");
    case Problem::ProfileInUse: return tr("This profile is open already. Use its window, or close it there first.");
    case Problem::PassphraseWrong: return tr("This is not the passphrase of this profile. Type it again.");
    case Problem::PassphraseTooShort: return tr("The passphrase is too short. Use at least 8 characters.");
    case Problem::PhraseWordUnknown: return tr("Word %1 is not in the word list. Check its spelling.");
    case Problem::PhraseWrongCount:
        return tr("A seed phrase has 12, 15, 18, 21 or 24 words. Check that none is missing.");
    case Problem::PhraseWrongChecksum:
        return tr("All words are known, but together they are not a seed phrase: a word is wrong or two are swapped.");
    case Problem::PhraseMixedLanguages:
        return tr("Word %1 is in no list together with the words before it. Check which language the phrase is in.");
    case Problem::PhraseNotText: return tr("This is not valid text. Type it instead of pasting it.");
    case Problem::PassphraseTooLong: return tr("The phrase's passphrase is too long to be kept here.");
    case Problem::KeychainUnavailable:
        return tr("The system's keychain cannot be used (%1). Unlock it, or use a passphrase instead.");
    case Problem::KeychainEntryMissing:
        return tr("The profile's entry in the system's keychain is missing. Restore the profile from its seed phrase "
                  "under the same name.");
    case Problem::VaultDamaged:
        return tr("The profile's key file is damaged. Restore the profile from its seed phrase under a new name.");
    case Problem::FolderNewer: return tr("This folder was written by a newer version. Start that version.");
    case Problem::FolderInUse: return tr("Another program works in this folder (%1). Close it first.");
    case Problem::FolderDamaged:
        return tr("The stored data is damaged (%1). Nothing was changed; restore the folder from a backup.");
    default: return {};
    }
}

QString ProblemTexts::file(Problem problem) {
    switch (problem) {
    case Problem::FileUnreadable: return tr("The file cannot be read (%1). Check that it exists and is yours to read.");
    case Problem::FileEmpty: return tr("The file is empty. Choose a file that has something in it.");
    case Problem::FileChanged:
        return tr("The file changed while it was being encrypted. Try again once it is finished.");
    case Problem::FileNotAsSold:
        return tr("The file is not as it was sold any more: something has altered it since it was unlocked. Unlock it "
                  "again to have it as it was.");
    case Problem::MediaTooLarge: return tr("The file is too large for this. Go on without it.");
    case Problem::MediaDamaged: return tr("The file breaks the rules of its format. Check that it opens elsewhere.");
    case Problem::MediaTooSlow: return tr("Reading the file took too long and was stopped.");
    case Problem::MediaUnsupported: return tr("This cannot be done with this kind of file.");
    case Problem::MediaLocked: return tr("The file is signed or encrypted, so it must not be changed.");
    case Problem::MarkMissing: return tr("The file carries no tracking mark.");
    case Problem::DiskFull: return tr("The disk is full. Make room and try again.");
    case Problem::Cancelled: return tr("Cancelled. Nothing was changed.");
    case Problem::SealedFileTruncated: return tr("The end of the encrypted file is missing. Fetch it again.");
    case Problem::SealedFileDamaged: return tr("The encrypted file is damaged (portion %1). Fetch it again.");
    case Problem::WrongKey: return tr("This key does not open this file.");
    case Problem::ManifestInvalid: return tr("The listing's signed description is not valid. Do not buy it.");
    default: return {};
    }
}

QString ProblemTexts::amount(Problem problem) {
    switch (problem) {
    case Problem::AmountInvalid: return tr("This is not an amount. Use digits and one decimal sign.");
    case Problem::AmountNegative: return tr("The amount must not be negative.");
    case Problem::AmountZero: return tr("The amount must be more than zero.");
    case Problem::AmountOverflow: return tr("The amount is too large.");
    case Problem::AmountTooPrecise: return tr("The amount has too many digits after the decimal sign.");
    default: return {};
    }
}

QString ProblemTexts::sale(Problem problem) {
    switch (problem) {
    case Problem::ListingUnknown: return tr("This listing does not exist any more.");
    case Problem::ListingTaken: return tr("This file is already being sold to somebody. Look for another edition.");
    case Problem::ListingCopied: return tr("Another seller has registered this very file. It cannot be listed again.");
    case Problem::ListingOwn: return tr("This is your own listing. You cannot buy from yourself.");
    case Problem::DraftGone:
        return tr("The sealed file of this draft is not on this machine. Discard the draft and encrypt the file anew.");
    case Problem::NameInvalid: return tr("The name is empty or too long. Use 1 to 120 characters.");
    case Problem::BidBelowMinimum: return tr("Your minimum is above your bid. Lower the minimum or raise the bid.");
    case Problem::PriceBelowMinimum: return tr("The price must lie between the buyer's minimum and the bid.");
    case Problem::ExpiryInvalid: return tr("The expiry is not possible. Choose one of the times offered.");
    case Problem::SaleUnknown: return tr("There is no such sale.");
    case Problem::SaleNotYours: return tr("You are neither the buyer nor the seller of this sale.");
    case Problem::SaleAlreadyAccepted:
        return tr("An offer for this file has been accepted already. Nothing was changed.");
    case Problem::SaleWrongState: return tr("The sale has moved on (%1), so this is not possible any more.");
    case Problem::TermsMismatch: return tr("The terms do not match what was agreed. Nothing was signed.");
    case Problem::SignatureInvalid: return tr("A signature is not valid. Nothing was changed.");
    case Problem::PaymentNotOpen: return tr("There is no payment to make at the moment.");
    case Problem::KeyPartsMissing:
        return tr("Both parts of the key are needed and have not both arrived yet. They come by themselves.");
    case Problem::KeyPartsWrong:
        return tr("The key does not fit the file (%1). Keep both; you can complain with them.");
    case Problem::SecondPasswordWrong: return tr("These twelve words do not belong to this sale. Nothing was changed.");
    case Problem::SpotCheckNotNow:
        return tr("A spot check is possible once the key has been checked and until you pay.");
    case Problem::SpotCheckTooSmall:
        return tr("The file has fewer than 100 portions, so none of them may be opened before it is paid.");
    case Problem::SpotCheckFailed: return tr("The spot check failed (%1). Do not pay.");
    default: return {};
    }
}

QString ProblemTexts::exchange(Problem problem) {
    switch (problem) {
    case Problem::InstrumentUnknown: return tr("This pair is not traded here.");
    case Problem::PriceNotOnTick: return tr("The price must be a multiple of the price step.");
    case Problem::QuantityNotOnLot: return tr("The quantity must be a multiple of the quantity step.");
    case Problem::OrderTooSmall: return tr("The order is too small. Raise the quantity.");
    case Problem::OrderTooLarge: return tr("The order is too large. Split it.");
    case Problem::OrderUnknown: return tr("This order is no longer open.");
    case Problem::OrderInvalid:
        return tr("This type of order does not go with the prices given. Check price and stop price.");
    case Problem::OrderWouldTrade: return tr("The order would trade at once. Move its price away from the market.");
    case Problem::OrderNotFillable: return tr("The order cannot be filled wholly now. Nothing was bought or sold.");
    case Problem::PriceOutsideCollar: return tr("The price is too far from the market's. Move it closer.");
    case Problem::QuantityAlreadyFilled: return tr("That much is filled already. Give more, or cancel the rest.");
    case Problem::InstrumentHalted: return tr("This market is halted. Orders can only be cancelled for now.");
    case Problem::OrderIdUsed: return tr("This order number has been used already. Leave it empty to get a new one.");
    case Problem::InsufficientFunds: return tr("There is not enough available money. Add some under Funds.");
    case Problem::NotPermitted: return tr("Your role does not permit this. Ask an administrator of the account.");
    case Problem::AccountFrozen: return tr("The account is frozen. Ask the coordinator why.");
    case Problem::AlreadyRegistered: return tr("This profile is registered already.");
    case Problem::KeyInUse: return tr("This key belongs to another user already.");
    case Problem::NotRegistered:
        return tr("The coordinator does not know this profile yet. Wait a moment and try again.");
    default: return {};
    }
}

QString ProblemTexts::payout(Problem problem) {
    switch (problem) {
    case Problem::AccountPending: return tr("The account is not verified yet. Ask the coordinator.");
    case Problem::AccountRestricted:
        return tr("The account is restricted: it may pay out what it has, but open nothing new.");
    case Problem::InfoInvalid:
        return tr("Something in this information is missing, too long, or does not fit the rest.");
    case Problem::UserUnknown: return tr("There is no such user or device.");
    case Problem::RolesInvalid: return tr("A user needs at least one role.");
    case Problem::NotAnInstitution: return tr("Only an institution has several users.");
    case Problem::LastAdministrator: return tr("An account keeps at least one administrator with a device.");
    case Problem::TooMany: return tr("There are too many of these already. Remove one first.");
    case Problem::TooNew: return tr("This is too new. It can be used when the waiting time is over.");
    case Problem::AddressInvalid: return tr("This address cannot be used, or is in the address book already.");
    case Problem::WithdrawalWrongState:
        return tr("This payout or change has moved on, so this is not possible any more.");
    case Problem::ApprovalNotYours:
        return tr("Somebody else must approve this: whoever asks cannot, and each user counts once.");
    case Problem::DayLimitExceeded: return tr("This is above the limit of the day.");
    case Problem::PolicyInvalid:
        return tr("These rules cannot be set: a value is wrong, or they ask for more treasurers than there are.");
    case Problem::CodeMissing: return tr("A one-time code is needed, and each counts once.");
    case Problem::CodeWrong:
        return tr("This is not the code that your authenticator shows now, or it was used already.");
    case Problem::CodesTooMany: return tr("Too many wrong codes. The next one counts in %1 seconds.");
    case Problem::FactorMissing:
        return tr("No authenticator is set up for you yet. Set one up in the menu File, One-time codes.");
    case Problem::FactorExists: return tr("An authenticator is set up already. Changing it takes a code of it.");
    case Problem::DelayInvalid: return tr("This time is too short or too long.");
    case Problem::RuleInvalid: return tr("There is no such rule, or a value of it is wrong.");
    case Problem::CaseWrongState: return tr("This case is decided, or as you want it already.");
    case Problem::NothingHeldBack:
        return tr("Nothing was held back in this sale, so there is nothing that could be decided about.");
    case Problem::QuoteLapsed: return tr("This quote holds no more. Look at the sale for the one that does.");
    case Problem::TextInvalid: return tr("Say it in one to 2,000 characters.");
    case Problem::TooMuchSaid:
        return tr("You have said all that you may in this dispute. It is for others to decide now.");
    case Problem::PayeeUnknown:
        return tr("No account has this number and this name. Both are to be as its holder sees them.");
    case Problem::WithdrawalHeld: return tr("This withdrawal is being looked into. Nothing is lost.");
    case Problem::DepositUnknown: return tr("No deposit of this name is in suspense, or not any more.");
    default: return {};
    }
}

QString ProblemTexts::node(Problem problem) {
    switch (problem) {
    case Problem::Busy: return tr("The node is busy. Try again in a moment.");
    case Problem::Stopping: return tr("The node is stopping. Nothing was changed.");
    case Problem::Stale: return tr("This view has not caught up yet. Try again in a moment.");
    case Problem::Unreachable: return tr("The node does not answer. Nothing is lost; try again later.");
    case Problem::StillUnderWay:
        return tr(
            "There is no answer yet. What you asked for is kept and sent by itself as soon as the node answers: do "
            "not ask for it again, look here later.");
    case Problem::ServerAddressInvalid:
        return tr("Type the address as host:port, such as example.org:7340. Several are parted by commas.");
    case Problem::ServerUnreachable: return tr("Nobody answers there (%1). Check the address, or try again later.");
    case Problem::ServerWrong:
        return tr("At %1 answers another server than should be there. Do not use it; ask whoever runs it.");
    case Problem::IdReused: return tr("This request was made before with other contents. Start it anew.");
    case Problem::Malformed: return tr("The request was not understood. Nothing was changed.");
    case Problem::NotAvailable: return tr("This is not available here.");
    default: return {};
    }
}

} // namespace

QString problemText(const api::Refusal& refusal) {
    using Texts = ProblemTexts;
    for (auto* part : {&Texts::profileOrPhrase, &Texts::file, &Texts::amount, &Texts::sale, &Texts::exchange,
                       &Texts::payout, &Texts::node}) {
        QString text = part(refusal.problem);
        if (text.isEmpty()) continue;
        if (!text.contains(u"%1")) return text;
        const QString detail = QString::fromStdString(refusal.detail);
        return text.arg(detail.isEmpty() ? QStringLiteral("?") : detail);
    }
    const QString where =
        QString::fromUtf8(refusal.detail.empty() ? api::nameOf(refusal.problem) : refusal.detail.c_str());
    return ProblemTexts::tr("Something went wrong inside the program (%1). Nothing was changed; please report this.")
        .arg(where);
}

} // namespace tallylock::ui
