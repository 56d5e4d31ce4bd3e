// The users of an account: who they are, what they may do, and with how many devices.
#pragma once

#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>

namespace tallylock::ui {

/// "Trader, Treasurer".
QString rolesText(std::uint32_t roles);
/// One role as a person may tick it.
struct RoleChoice {
    api::Role role;
    QString text;
    QString help;
};
std::vector<RoleChoice> allRoles();
QString standingText(api::Standing standing);

class UserModel : public RowModel<api::UserRow, UserId> {
    Q_DECLARE_TR_FUNCTIONS(UserModel)

public:
    enum Column { kName, kRoles, kDevices, kLimit, kColumns };

    explicit UserModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setUsers(std::vector<api::UserRow> rows, UserId myself);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    UserId keyOf(const api::UserRow& row) const override { return row.id; }

private:
    QString text(const api::UserRow& row, int column) const;

    const Units& m_units;
    UserId m_myself;
};

} // namespace tallylock::ui
