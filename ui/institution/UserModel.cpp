#include "ui/institution/UserModel.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Theme.h"

#include <QApplication>

namespace tallylock::ui {

std::vector<RoleChoice> allRoles() {
    return {
        {api::kAdministrator, UserModel::tr("Administrator"), UserModel::tr("Users, devices, roles, limits, rules")},
        {api::kTrader, UserModel::tr("Trader"), UserModel::tr("Orders and offers")},
        {api::kTreasurer, UserModel::tr("Treasurer"), UserModel::tr("Deposits, payouts and their approval")},
        {api::kAuditor, UserModel::tr("Auditor"), UserModel::tr("Sees everything of the account")}};
}

QString rolesText(std::uint32_t roles) {
    QStringList names;
    for (const RoleChoice& one : allRoles())
        if ((roles & one.role) != 0) names << one.text;
    return names.join(QStringLiteral(", "));
}

QString standingText(api::Standing standing) {
    switch (standing) {
    case api::Standing::Pending: return UserModel::tr("Not yet verified");
    case api::Standing::Verified: return UserModel::tr("Verified");
    case api::Standing::Restricted: return UserModel::tr("Restricted");
    case api::Standing::Frozen: return UserModel::tr("Frozen");
    case api::Standing::kCount: break;
    }
    return {};
}

void UserModel::setUsers(std::vector<api::UserRow> rows, UserId myself) {
    m_myself = myself;
    setRows(std::move(rows));
}

QString UserModel::text(const api::UserRow& row, int column) const {
    switch (column) {
    case kName: {
        const QString name = plainLine(row.name);
        return row.id == m_myself ? tr("%1 (you)").arg(name) : name;
    }
    case kRoles: return rolesText(row.roles);
    case kDevices: return row.devices.empty() ? tr("None: can do nothing") : QLocale().toString(row.devices.size());
    case kLimit: {
        QStringList limits;
        for (const api::Amount& most : row.orderLimits) limits << m_units.text(most);
        return limits.isEmpty() ? tr("Any") : limits.join(QStringLiteral("; "));
    }
    default: return {};
    }
}

QVariant UserModel::data(const QModelIndex& index, int role) const {
    const api::UserRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::ForegroundRole:
        return index.column() == kDevices && row->devices.empty() ? QVariant(tintsOf(QApplication::palette()).warn)
                                                                  : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(row->id == m_myself);
        return index.column() == kName ? QVariant(font) : QVariant();
    }
    case Qt::ToolTipRole: return tr("User %1").arg(row->id.value);
    default: return {};
    }
}

QVariant UserModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return QStringList{tr("Name"), tr("Roles"), tr("Devices"), tr("Most per order")}.value(section);
}

} // namespace tallylock::ui
