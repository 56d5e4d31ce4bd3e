#include "ui/kit/Payouts.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Theme.h"
#include "ui/kit/TimeText.h"

#include <QApplication>

namespace tallylock::ui {

QString payoutStateText(const api::WithdrawalRow& row) {
    using S = api::WithdrawalState;
    switch (row.state) {
    case S::Requested: return PayoutModel::tr("Waits for approval");
    case S::Approved: return PayoutModel::tr("Approved");
    case S::Paying: return PayoutModel::tr("Being paid");
    case S::Sent: return PayoutModel::tr("Sent");
    case S::Failed: return PayoutModel::tr("Refused by the rail");
    case S::Cancelled: return PayoutModel::tr("Cancelled");
    case S::Expired: return PayoutModel::tr("Expired");
    case S::kCount: break;
    }
    return {};
}

void UserNames::set(const std::vector<api::UserRow>& users) {
    m_names.clear();
    for (const api::UserRow& user : users) m_names.insert(user.id.value, plainLine(user.name));
}

QString UserNames::of(UserId user) const {
    return m_names.value(user.value, PayoutModel::tr("User %1").arg(user.value));
}

void PayoutModel::setPayouts(std::vector<api::WithdrawalRow> rows, const UserNames& names) {
    m_names = names;
    m_fraction = 0;
    for (const api::WithdrawalRow& row : rows)
        for (const api::Amount& amount : {row.amount, row.fee})
            m_fraction = qMax(m_fraction, m_units.fractionOf(amount));
    setRows(std::move(rows));
}

QString PayoutModel::text(const api::WithdrawalRow& row, int column) const {
    switch (column) {
    case kNumber: return QLocale().toString(static_cast<qulonglong>(row.id));
    case kAmount: return m_units.column(row.amount, m_fraction);
    case kUnit: return m_units.code(row.amount.unit);
    case kFee: return m_units.column(row.fee, m_fraction);
    case kTo: return plainLine(row.to);
    case kState: return payoutStateText(row);
    case kApprovals:
        return row.approvalsNeeded == 0 ? QString() : tr("%1 of %2").arg(row.approvals).arg(row.approvalsNeeded);
    case kAskedBy: return row.sale ? tr("Refund of sale %1").arg(row.sale.value) : m_names.of(row.user);
    case kAsked: return momentText(row.requestedMs);
    default: return {};
    }
}

QString PayoutModel::toolTip(const api::WithdrawalRow& row) const {
    QStringList lines{tr("Payout %1, asked for %2").arg(row.id).arg(exactMomentText(row.requestedMs))};
    for (const UserId user : row.approvedBy) lines << tr("Approved by %1").arg(m_names.of(user));
    if (row.expiresMs != 0) lines << tr("Given up if not approved: %1").arg(deadlineText(row.expiresMs));
    if (!row.rail.empty()) lines << tr("Rail: %1").arg(plainLine(row.rail));
    if (!row.reference.empty()) lines << plainLine(row.reference);
    return lines.join(u'\n');
}

QVariant PayoutModel::data(const QModelIndex& index, int role) const {
    const api::WithdrawalRow* row = at(index);
    if (!row) return {};
    const bool figure = index.column() <= kFee && index.column() != kUnit;
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(figure ? Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter
                               : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
        if (index.column() != kState) return {};
        const Tints tints = tintsOf(QApplication::palette());
        using S = api::WithdrawalState;
        if (row->state == S::Sent) return tints.good;
        if (row->state == S::Failed) return tints.bad;
        return row->state < S::Sent ? tints.warn : tints.muted;
    }
    case Qt::ToolTipRole: return toolTip(*row);
    default: return {};
    }
}

QVariant PayoutModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool figure = section <= kFee && section != kUnit;
    if (role == Qt::TextAlignmentRole)
        return QVariant(figure ? Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter
                               : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    return QStringList{tr("No."),   tr("Amount"),    tr("Unit"),     tr("Fee"), tr("To"),
                       tr("State"), tr("Approvals"), tr("Asked by"), tr("When")}
        .value(section);
}

} // namespace tallylock::ui
