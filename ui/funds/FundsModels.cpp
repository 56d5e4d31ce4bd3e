#include "ui/funds/FundsModels.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Theme.h"
#include "ui/kit/TimeText.h"

#include <QApplication>

namespace tallylock::ui {
namespace {

QVariant side(bool right) {
    return QVariant(right ? Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
}

} // namespace

// --- balances ------------------------------------------------------------------------------------------------------

void BalanceModel::setBalances(std::vector<api::BalanceRow> rows) {
    m_fraction = 0;
    for (const api::BalanceRow& row : rows)
        for (const api::Amount& amount : {row.available, row.held, row.pending})
            m_fraction = qMax(m_fraction, m_units.fractionOf(amount));
    setRows(std::move(rows));
}

QVariant BalanceModel::data(const QModelIndex& index, int role) const {
    const api::BalanceRow* row = at(index);
    if (!row) return {};
    const auto figure = [&]() -> const api::Amount& {
        return index.column() == kAvailable ? row->available : index.column() == kHeld ? row->held : row->pending;
    };
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == kUnit ? m_units.code(row->unit) : m_units.column(figure(), m_fraction);
    case Qt::TextAlignmentRole: return side(index.column() != kUnit);
    case Qt::ForegroundRole:
        if (index.column() <= kAvailable || figure().value != 0) return {};
        return tintsOf(QApplication::palette()).muted;
    case Qt::FontRole: {
        QFont font;
        font.setBold(true);
        return index.column() <= kAvailable ? QVariant(font) : QVariant();
    }
    case Qt::ToolTipRole:
        if (index.column() == kHeld) return tr("Held for open orders and sales: yours, but not to be spent twice.");
        if (index.column() == kPending) return tr("Seen on its way in, not yet final.");
        return {};
    default: return {};
    }
}

QVariant BalanceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return side(section != kUnit);
    if (role != Qt::DisplayRole) return {};
    return QStringList{tr("Unit"), tr("Available"), tr("Held"), tr("Pending")}.value(section);
}

// --- statement -----------------------------------------------------------------------------------------------------

QString reasonText(const std::string& reason) {
    static const std::pair<const char*, const char*> kTexts[] = {
        {"deposit", QT_TRANSLATE_NOOP("StatementModel", "Deposit")},
        {"trade", QT_TRANSLATE_NOOP("StatementModel", "Trade")},
        {"fee", QT_TRANSLATE_NOOP("StatementModel", "Fee")},
        {"sale-funding", QT_TRANSLATE_NOOP("StatementModel", "Payment for a sale")},
        {"escrow", QT_TRANSLATE_NOOP("StatementModel", "Escrow of a sale")},
        {"payout", QT_TRANSLATE_NOOP("StatementModel", "Paid out of a sale")},
        {"coins-moved", QT_TRANSLATE_NOOP("StatementModel", "Coins of a sale moved")},
        {"refund", QT_TRANSLATE_NOOP("StatementModel", "Refund of a sale")},
        {"holdback", QT_TRANSLATE_NOOP("StatementModel", "Holdback of a sale")},
        {"withdrawal", QT_TRANSLATE_NOOP("StatementModel", "Payout")},
        {"deposit-reversed", QT_TRANSLATE_NOOP("StatementModel", "Deposit taken back")},
    };
    for (const auto& [word, text] : kTexts)
        if (reason == word) return StatementModel::tr(text);
    QString words = plainLine(reason).replace(QLatin1Char('-'), QLatin1Char(' '));
    if (!words.isEmpty()) words[0] = words[0].toUpper();
    return words;
}

void StatementModel::setStatement(std::vector<api::StatementRow> rows) {
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return b.entry < a.entry; });
    m_fraction = 0;
    for (const api::StatementRow& row : rows)
        m_fraction = qMax(m_fraction, qMax(m_units.fractionOf(row.delta), m_units.fractionOf(row.balance)));
    setRows(std::move(rows));
}

QVariant StatementModel::data(const QModelIndex& index, int role) const {
    const api::StatementRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case kTime: return momentText(row->timeMs);
        case kEntry: return QLocale().toString(static_cast<qulonglong>(row->entry.value));
        case kReason: return reasonText(row->reason);
        case kChange:
            return (row->delta.isPositive() ? QLocale().positiveSign() : QString()) +
                   m_units.column(row->delta, m_fraction);
        case kBalance: return m_units.column(row->balance, m_fraction);
        default: return {};
        }
    case Qt::TextAlignmentRole: return side(index.column() == kEntry || index.column() >= kChange);
    case Qt::ForegroundRole: {
        if (index.column() != kChange) return {};
        const Tints tints = tintsOf(QApplication::palette());
        return row->delta.value < 0 ? tints.bad : tints.good;
    }
    case Qt::ToolTipRole: return exactMomentText(row->timeMs);
    default: return {};
    }
}

QVariant StatementModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return side(section == kEntry || section >= kChange);
    if (role != Qt::DisplayRole) return {};
    return QStringList{tr("Time"), tr("Entry"), tr("What"), tr("Change"), tr("Balance")}.value(section);
}

// --- deposits ------------------------------------------------------------------------------------------------------

QString depositStateText(const api::IncomingRow& row) {
    switch (row.state) {
    case api::DepositState::Pending:
        return IncomingModel::tr("Pending, %1 of %2 confirmations").arg(row.confirmations).arg(row.needed);
    case api::DepositState::Credited: return IncomingModel::tr("Credited");
    case api::DepositState::Suspense: return IncomingModel::tr("In suspense: the coordinator looks into it");
    case api::DepositState::Reversed: return IncomingModel::tr("Taken back");
    case api::DepositState::kCount: break;
    }
    return {};
}

void IncomingModel::setDeposits(std::vector<api::IncomingRow> rows) {
    m_fraction = 0;
    for (const api::IncomingRow& row : rows) m_fraction = qMax(m_fraction, m_units.fractionOf(row.amount));
    setRows(std::move(rows));
}

QVariant IncomingModel::data(const QModelIndex& index, int role) const {
    const api::IncomingRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case kAmount: return m_units.column(row->amount, m_fraction);
        case kUnit: return m_units.code(row->amount.unit);
        case kState: return depositStateText(*row);
        case kIdentifier: return plainLine(row->identifier);
        case kRail: return plainLine(row->rail);
        case kTransaction: return QString::fromStdString(row->transaction.hex().substr(0, 16));
        default: return {};
        }
    case Qt::TextAlignmentRole: return side(index.column() == kAmount);
    case Qt::ForegroundRole: {
        if (index.column() != kState) return {};
        const Tints tints = tintsOf(QApplication::palette());
        if (row->state == api::DepositState::Credited) return tints.good;
        return row->state == api::DepositState::Pending ? tints.muted : tints.warn;
    }
    case Qt::ToolTipRole:
        return tr("Transaction %1, output %2").arg(QString::fromStdString(row->transaction.hex())).arg(row->output);
    default: return {};
    }
}

QVariant IncomingModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return side(section == kAmount);
    if (role != Qt::DisplayRole) return {};
    return QStringList{tr("Amount"), tr("Unit"), tr("State"), tr("Paid to"), tr("Rail"), tr("Transaction")}.value(
        section);
}

// --- address book --------------------------------------------------------------------------------------------------

QVariant AddressModel::data(const QModelIndex& index, int role) const {
    const api::PayoutAddressRow* row = at(index);
    if (!row) return {};
    const bool waits = row->usableFromMs > nowMs();
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case kLabel: return plainLine(row->label);
        case kUnit: return m_units.code(row->unit);
        case kAddress: return plainLine(row->address);
        case kUsable: return waits ? tr("From %1").arg(momentText(row->usableFromMs)) : tr("Now");
        default: return {};
        }
    case Qt::ForegroundRole:
        return index.column() == kUsable && waits ? QVariant(tintsOf(QApplication::palette()).warn) : QVariant();
    case Qt::ToolTipRole: return plainLine(row->address);
    default: return {};
    }
}

QVariant AddressModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return QStringList{tr("Label"), tr("Unit"), tr("Address"), tr("Usable")}.value(section);
}

} // namespace tallylock::ui
