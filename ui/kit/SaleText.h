// The fourteen steps of a sale, who acts in them, and the states between them, in plain words.
#pragma once

#include "core/api/Rows.h"

#include <QString>

namespace tallylock::ui {

/// What is sold, on one line; the sale's number where that is not known.
QString saleTitle(const api::SaleRow& sale);
/// What happens in the step, from 1.
constexpr int kSaleSteps = 14;
QString stepTitle(int step, const api::SaleRow& sale = {});
/// "You" where the actor is the person whose role this is.
QString actorName(api::Actor actor, api::SaleRole mine);
QString stateName(api::SaleState state);
/// The same of a sale, which may be orphaned.
QString stateName(const api::SaleRow& sale);
/// One sentence on what comes next, for the person with this role.
QString nextText(const api::SaleRow& sale);
/// How the two parts of the key reach the buyer: in a few words, and what that means.
QString keyWayName(api::KeyWay way);
QString keyWayText(api::KeyWay way);
/// What is delivered, likewise.
QString deliveryName(api::DeliveryKind delivery);
QString deliveryKindText(api::DeliveryKind delivery);
/// Where the seller's dollars come from, likewise.
QString fundingName(api::FundingMode funding);
QString fundingText(api::FundingMode funding);
QString escrowAssetName(api::EscrowAsset asset);
QString escrowAssetText(api::EscrowAsset asset);
/// Whose doing a fault is.
QString blameText(api::Blame blame);

} // namespace tallylock::ui
