#include "ui/kit/SaleText.h"

#include "ui/kit/TimeText.h"

#include <QCoreApplication>

#include <array>

namespace tallylock::ui {

namespace {

using api::Actor;
using api::SaleRole;
using api::SaleState;

constexpr int kPayoutStep = 10;

class SaleTexts {
    Q_DECLARE_TR_FUNCTIONS(SaleTexts)
public:
    static QString buyerNext(SaleState state);
    static QString sellerNext(SaleState state);
    /// Where only the ownership passes.
    static QString ownersNext(SaleState state);
    static QString formerOwnersNext(SaleState state);
};

constexpr std::array<const char*, 14> kStepTitles = {
    QT_TRANSLATE_NOOP("SaleTexts", "The buyer makes a signed offer"),
    QT_TRANSLATE_NOOP("SaleTexts", "The seller accepts the offer"),
    QT_TRANSLATE_NOOP("SaleTexts", "The seller hands the first password to the key server"),
    QT_TRANSLATE_NOOP("SaleTexts", "The key server checks the file and locks the first password with a second"),
    QT_TRANSLATE_NOOP("SaleTexts", "Everything is ready: the price in coins is fixed"),
    QT_TRANSLATE_NOOP("SaleTexts", "A wallet is opened for this payment"),
    QT_TRANSLATE_NOOP("SaleTexts", "The buyer pays into the wallet"),
    QT_TRANSLATE_NOOP("SaleTexts", "The payment is final and the sealed file is delivered"),
    QT_TRANSLATE_NOOP("SaleTexts", "The seller's money is put into escrow"),
    QT_TRANSLATE_NOOP("SaleTexts", "Escrow pays the seller"),
    QT_TRANSLATE_NOOP("SaleTexts", "The buyer's coins go to the second exchange"),
    QT_TRANSLATE_NOOP("SaleTexts", "The first part of the key is sent to the buyer"),
    QT_TRANSLATE_NOOP("SaleTexts", "The second part of the key is sent to the buyer"),
    QT_TRANSLATE_NOOP("SaleTexts", "The buyer unlocks the file"),
};

constexpr int kDeliveryStep = 8;
constexpr int kEscrowStep = 9;
constexpr int kSettlementStep = 11;

QString SaleTexts::ownersNext(SaleState state) {
    switch (state) {
    case SaleState::Funded: return tr("You have paid. The seller's app signs the asset over to you.");
    case SaleState::Delivered:
    case SaleState::Escrowed: return tr("The asset was signed over to you. The seller is being paid from escrow.");
    case SaleState::KeySent2: return tr("Both parts of the key have arrived. This app checks the key and keeps it.");
    case SaleState::Unlocked:
    case SaleState::Completed:
        return tr("The asset is yours. The file stays where it is; your library opens it whenever you want.");
    default: return buyerNext(state);
    }
}

QString SaleTexts::formerOwnersNext(SaleState state) {
    switch (state) {
    case SaleState::Funded:
        return tr("The buyer has paid. Keep this app open: it signs the asset over to the buyer, by itself.");
    case SaleState::Unlocked:
    case SaleState::Completed: return tr("Sold: you are paid, and the buyer has the asset and its key.");
    default: return sellerNext(state);
    }
}

QString SaleTexts::buyerNext(SaleState state) {
    switch (state) {
    case SaleState::Offered: return tr("The seller has your offer. You may withdraw it until it is accepted.");
    case SaleState::Accepted:
    case SaleState::KeyDeposited:
    case SaleState::KeyWrapped:
    case SaleState::Ready:
        return tr("The key is being checked and put away safely. You are asked to pay once that is done.");
    case SaleState::WalletOpen:
        return tr("Pay the exact amount to the address. The key to this very file is already safe.");
    case SaleState::Seen: return tr("Your payment was seen. It has to be confirmed before it counts.");
    case SaleState::Funded:
    case SaleState::Delivered:
    case SaleState::Escrowed: return tr("You have paid. The seller is being paid from escrow.");
    case SaleState::SellerPaid:
    case SaleState::KeySent1: return tr("The seller is paid. The two parts of the key are on their way to you.");
    case SaleState::KeySent2: return tr("Both parts of the key have arrived. Unlock the file in your library.");
    case SaleState::Unlocked:
    case SaleState::Completed: return tr("The file is yours.");
    case SaleState::Disputed:
        return tr("You objected. The file is yours; who gets what was held back is being decided.");
    case SaleState::Resolved: return tr("The file is yours, and your objection was decided.");
    case SaleState::Countered:
        return tr("The seller asks for more than you bid. Bid again, or withdraw your offer. Nothing has been paid.");
    case SaleState::Rekeying:
        return tr("The key server is silent. The seller's app hands the key to the standby key server, if there is "
                  "one. If the key does not come in time, you get the whole price back.");
    case SaleState::KeyLost: return tr("The key is lost. The whole price was paid back into your account.");
    case SaleState::Refunding: return tr("Your money is on its way back to you.");
    case SaleState::Refunded: return tr("Your money has been returned.");
    case SaleState::Void: return tr("This sale ended before any money moved.");
    case SaleState::kCount: break;
    }
    return {};
}

QString SaleTexts::sellerNext(SaleState state) {
    switch (state) {
    case SaleState::Offered: return tr("A buyer made an offer. Accept it or reject it.");
    case SaleState::Accepted:
    case SaleState::KeyDeposited:
    case SaleState::KeyWrapped:
    case SaleState::Ready: return tr("The key server is checking that your key opens the file. Nothing to do for you.");
    case SaleState::WalletOpen: return tr("The buyer is asked to pay.");
    case SaleState::Seen: return tr("The buyer's payment was seen. It has to be confirmed before it counts.");
    case SaleState::Funded:
    case SaleState::Delivered:
    case SaleState::Escrowed: return tr("The buyer has paid. Your money is being put into escrow and paid out.");
    case SaleState::SellerPaid:
    case SaleState::KeySent1:
    case SaleState::KeySent2: return tr("You are paid. The buyer is receiving the key.");
    case SaleState::Unlocked:
    case SaleState::Completed: return tr("Sold: you are paid and the buyer has the file.");
    case SaleState::Disputed:
        return tr("You are paid, but for what was held back: the buyer objects. Say how you see it.");
    case SaleState::Resolved: return tr("You are paid, and the buyer's objection was decided.");
    case SaleState::Countered: return tr("You asked for more. The buyer bids again, or lets it be.");
    case SaleState::Rekeying:
        return tr("You are paid. The key server is silent, and the buyer still waits for the key. Keep this app open: "
                  "it hands the key to the standby key server, if there is one.");
    case SaleState::KeyLost:
        return tr(
            "You are paid, but for what was held back. The key server lost the key, and the buyer was paid back.");
    case SaleState::Refunding:
    case SaleState::Refunded: return tr("The buyer's money was returned. Your file stays sealed.");
    case SaleState::Void: return tr("This sale ended before any money moved.");
    case SaleState::kCount: break;
    }
    return {};
}

} // namespace

QString stepTitle(int step, const api::SaleRow& sale) {
    if (step < 1 || step > static_cast<int>(kStepTitles.size())) return {};
    if (sale.funding == api::FundingMode::Converted) {
        if (step == kEscrowStep)
            return SaleTexts::tr("The buyer's coins are sold, and the seller's money is put into escrow");
        if (step == kSettlementStep) return SaleTexts::tr("What is left of the coins goes back to the buyer");
    }
    if (sale.escrowAsset != api::EscrowAsset::Dollars) {
        const bool areCoins = sale.escrowAsset == api::EscrowAsset::Coin;
        if (step == kEscrowStep)
            return areCoins ? SaleTexts::tr("The buyer's coins are put into escrow")
                            : SaleTexts::tr("The seller's money is put into escrow, in digital dollars");
        if (step == kPayoutStep)
            return areCoins ? SaleTexts::tr("The coins are changed for dollars, and escrow pays the seller")
                            : SaleTexts::tr("They are changed for dollars, and escrow pays the seller");
    }
    if (sale.delivery == api::DeliveryKind::OwnershipOnly) {
        if (step == kDeliveryStep) return SaleTexts::tr("The payment is final, and the seller signs the asset over");
        if (step == kSaleSteps) return SaleTexts::tr("The buyer's app checks the key and keeps it");
    }
    return SaleTexts::tr(kStepTitles[static_cast<std::size_t>(step - 1)]);
}

QString actorName(Actor actor, SaleRole mine) {
    switch (actor) {
    case Actor::Buyer: return mine == SaleRole::Buyer ? SaleTexts::tr("You") : SaleTexts::tr("Buyer");
    case Actor::Seller: return mine == SaleRole::Seller ? SaleTexts::tr("You") : SaleTexts::tr("Seller");
    case Actor::KeyServer: return SaleTexts::tr("Key server");
    case Actor::Coordinator: return SaleTexts::tr("Coordinator");
    case Actor::FirstExchange: return SaleTexts::tr("First exchange");
    case Actor::Escrow: return SaleTexts::tr("Escrow");
    case Actor::DollarExchange: return SaleTexts::tr("Dollar exchange");
    case Actor::SecondExchange: return SaleTexts::tr("Second exchange");
    case Actor::Arbiter: return SaleTexts::tr("Arbiter");
    case Actor::StandbyServer: return SaleTexts::tr("Standby key server");
    case Actor::kCount: break;
    }
    return {};
}

QString stateName(SaleState state) {
    switch (state) {
    case SaleState::Offered: return SaleTexts::tr("Offered");
    case SaleState::Accepted: return SaleTexts::tr("Accepted");
    case SaleState::KeyDeposited: return SaleTexts::tr("Key deposited");
    case SaleState::KeyWrapped: return SaleTexts::tr("Key checked");
    case SaleState::Ready: return SaleTexts::tr("Ready");
    case SaleState::WalletOpen: return SaleTexts::tr("Waiting for payment");
    case SaleState::Seen: return SaleTexts::tr("Payment seen");
    case SaleState::Funded: return SaleTexts::tr("Paid");
    case SaleState::Delivered: return SaleTexts::tr("Delivered");
    case SaleState::Escrowed: return SaleTexts::tr("In escrow");
    case SaleState::SellerPaid: return SaleTexts::tr("Seller paid");
    case SaleState::KeySent1: return SaleTexts::tr("First key part sent");
    case SaleState::KeySent2: return SaleTexts::tr("Key sent");
    case SaleState::Unlocked: return SaleTexts::tr("Unlocked");
    case SaleState::Completed: return SaleTexts::tr("Completed");
    case SaleState::Refunding: return SaleTexts::tr("Refunding");
    case SaleState::Refunded: return SaleTexts::tr("Refunded");
    case SaleState::Void: return SaleTexts::tr("Void");
    case SaleState::Rekeying: return SaleTexts::tr("Waiting for the key server");
    case SaleState::KeyLost: return SaleTexts::tr("Key lost");
    case SaleState::Countered: return SaleTexts::tr("Counter-offer");
    case SaleState::Disputed: return SaleTexts::tr("Disputed");
    case SaleState::Resolved: return SaleTexts::tr("Decided");
    case SaleState::kCount: break;
    }
    return {};
}

QString saleTitle(const api::SaleRow& sale) {
    const QString name = QString::fromStdString(sale.name).simplified();
    return name.isEmpty() ? SaleTexts::tr("Sale %1").arg(sale.id.value) : name;
}

QString stateName(const api::SaleRow& sale) {
    return sale.orphanedSinceMs != 0 ? SaleTexts::tr("Orphaned") : stateName(sale.state);
}

/// Of a sale whose coordinator counts as gone.
static QString orphanedText(const api::SaleRow& sale) {
    const QString gone =
        SaleTexts::tr("Nothing was heard of the coordinator for a long time (last: %1), and it may be gone for good. "
                      "The sale was last known as: %2. Save the evidence and keep it: it proves what was agreed and "
                      "paid, to anybody.")
            .arg(momentText(sale.orphanedSinceMs), stateName(sale.state));
    if (sale.role != SaleRole::Buyer || sale.step < kPayoutStep) return gone;
    return gone + u' ' +
           SaleTexts::tr("The seller is paid. If the proof of that has reached this app, it gets the key from the "
                         "key server by itself.");
}

QString nextText(const api::SaleRow& sale) {
    if (sale.orphanedSinceMs != 0) return orphanedText(sale);
    const bool buys = sale.role == SaleRole::Buyer;
    if (sale.delivery == api::DeliveryKind::OwnershipOnly)
        return buys ? SaleTexts::ownersNext(sale.state) : SaleTexts::formerOwnersNext(sale.state);
    return buys ? SaleTexts::buyerNext(sale.state) : SaleTexts::sellerNext(sale.state);
}

QString keyWayName(api::KeyWay way) {
    switch (way) {
    case api::KeyWay::TwoChannels: return SaleTexts::tr("Two ways, after the payment");
    case api::KeyWay::PartOneEarly: return SaleTexts::tr("First part with the file");
    case api::KeyWay::OneChannel: return SaleTexts::tr("One way, from the key server");
    case api::KeyWay::kCount: break;
    }
    return {};
}

QString keyWayText(api::KeyWay way) {
    switch (way) {
    case api::KeyWay::TwoChannels:
        return SaleTexts::tr("The key comes in two parts over two ways. Whoever reads one of them has nothing.");
    case api::KeyWay::PartOneEarly:
        return SaleTexts::tr("The first part of the key comes with the sealed file. It opens nothing without the "
                             "second, which comes once the seller is paid.");
    case api::KeyWay::OneChannel:
        return SaleTexts::tr("Both parts of the key come from the key server, and none through the coordinator. "
                             "Whoever reads this one way has the whole key.");
    case api::KeyWay::kCount: break;
    }
    return {};
}

QString deliveryName(api::DeliveryKind delivery) {
    switch (delivery) {
    case api::DeliveryKind::SealedFile: return SaleTexts::tr("The sealed file");
    case api::DeliveryKind::OwnershipOnly: return SaleTexts::tr("Ownership only: the file stays where it is");
    case api::DeliveryKind::kCount: break;
    }
    return {};
}

QString deliveryKindText(api::DeliveryKind delivery) {
    switch (delivery) {
    case api::DeliveryKind::SealedFile:
        return SaleTexts::tr("The sealed file comes into your library before the seller is paid.");
    case api::DeliveryKind::OwnershipOnly:
        return SaleTexts::tr("The seller signs the asset over, and the buyer gets the key. The sealed file stays with "
                             "whoever keeps it, and can be fetched and opened later, for as long as it is kept.");
    case api::DeliveryKind::kCount: break;
    }
    return {};
}

QString fundingName(api::FundingMode funding) {
    switch (funding) {
    case api::FundingMode::Fronted: return SaleTexts::tr("A fixed amount of coins");
    case api::FundingMode::Converted: return SaleTexts::tr("As many coins as it takes on delivery");
    case api::FundingMode::kCount: break;
    }
    return {};
}

QString fundingText(api::FundingMode funding) {
    switch (funding) {
    case api::FundingMode::Fronted:
        return SaleTexts::tr("The buyer pays a fixed amount of coins. What they fetch later is the house's risk.");
    case api::FundingMode::Converted:
        return SaleTexts::tr("The buyer's coins are sold at the market once the sale is delivered. A little more is "
                             "paid in than is needed now, and what is left goes back to the buyer. If too little is "
                             "bid for the coins in time, the buyer gets all of them back.");
    case api::FundingMode::kCount: break;
    }
    return {};
}

QString escrowAssetName(api::EscrowAsset asset) {
    switch (asset) {
    case api::EscrowAsset::Dollars: return SaleTexts::tr("Dollars");
    case api::EscrowAsset::DigitalDollars: return SaleTexts::tr("Digital dollars");
    case api::EscrowAsset::Coin: return SaleTexts::tr("The coins that were paid");
    case api::EscrowAsset::kCount: break;
    }
    return {};
}

QString escrowAssetText(api::EscrowAsset asset) {
    switch (asset) {
    case api::EscrowAsset::Dollars:
        return SaleTexts::tr("The house puts the seller's dollars into escrow once the sale is delivered.");
    case api::EscrowAsset::DigitalDollars:
        return SaleTexts::tr("The house puts the price into escrow in digital dollars once the sale is delivered, and "
                             "changes them for dollars, one for one, as the seller is paid.");
    case api::EscrowAsset::Coin:
        return SaleTexts::tr("The coins that were paid go into escrow as they are once the sale is delivered. The "
                             "house gives the agreed dollars for them as the seller is paid.");
    case api::EscrowAsset::kCount: break;
    }
    return {};
}

QString blameText(api::Blame blame) {
    switch (blame) {
    case api::Blame::Seller: return SaleTexts::tr("the seller");
    case api::Blame::FileStore: return SaleTexts::tr("the file store");
    case api::Blame::KeyServer: return SaleTexts::tr("the key server");
    case api::Blame::Courier: return SaleTexts::tr("the coordinator, or whoever carried it");
    default: return SaleTexts::tr("nobody's, as far as can be told");
    }
}

} // namespace tallylock::ui
