#include "ui/institution/UserPanel.h"

#include "ui/institution/UserModel.h"
#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include "core/api/Treasury.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

std::optional<IdentityKey> keyFrom(const QString& text) {
    return IdentityKey::fromHex(text.trimmed().toLower().toStdString());
}

UserPanel::UserPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_name(new PlainLabel),
      m_setRoles(new QPushButton(tr("Set &roles"))),
      m_unit(new QComboBox),
      m_most(new AmountField),
      m_setMost(new QPushButton(tr("Set &limit"))),
      m_devices(new QListWidget),
      m_key(new QLineEdit),
      m_add(new QPushButton(tr("Add &device"))),
      m_remove(new HoldButton(tr("Hold to remove"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    setHeadingFont(m_name, 1.15, true);
    m_name->setAccessibleDescription(tr("User"));
    layout->addWidget(m_name);
    for (const RoleChoice& one : allRoles()) {
        auto* box = new QCheckBox(one.text);
        box->setToolTip(one.help);
        box->setAccessibleName(one.text);
        connect(box, &QCheckBox::toggled, this, &UserPanel::showButtons);
        m_roles.push_back(box);
        layout->addWidget(box);
    }
    layout->addWidget(m_setRoles, 0, Qt::AlignRight);
    layout->addWidget(plainText(tr("Most that one order may be worth"), Rank::Muted));
    m_unit->setAccessibleName(tr("Unit of the limit"));
    for (const api::UnitRow& unit : context.units().rows())
        if (unit.isFiat) m_unit->addItem(QString::fromStdString(unit.code));
    m_most->setAccessibleName(tr("Most per order"));
    m_most->setZeroAllowed(true);
    auto* most = new QHBoxLayout;
    most->addWidget(m_unit);
    most->addWidget(m_most, 1);
    layout->addLayout(most);
    layout->addWidget(m_most->note());
    layout->addWidget(m_setMost, 0, Qt::AlignRight);
    layout->addWidget(plainText(tr("Devices, by their keys"), Rank::Muted));
    m_devices->setAccessibleName(tr("Devices"));
    m_devices->setTextElideMode(Qt::ElideMiddle);
    m_devices->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_devices->setMinimumHeight(fontMetrics().height() * 3);
    layout->addWidget(m_devices, 1);
    m_key->setAccessibleName(tr("Key of the new device"));
    m_key->setPlaceholderText(tr("Key of another device"));
    layout->addWidget(m_key);
    m_remove->setAccessibleName(tr("Remove device"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addStretch();
    buttons->addWidget(m_add);
    layout->addLayout(buttons);
    for (QPushButton* button : {m_setRoles, m_setMost, m_add}) button->setAutoDefault(false);

    connect(m_unit, &QComboBox::currentIndexChanged, this, &UserPanel::showUnit);
    connect(m_most, &AmountField::amountChanged, this, &UserPanel::showButtons);
    connect(m_devices, &QListWidget::itemSelectionChanged, this, &UserPanel::showButtons);
    connect(m_setRoles, &QPushButton::clicked, this, &UserPanel::setRoles);
    connect(m_setMost, &QPushButton::clicked, this, &UserPanel::setLimit);
    connect(m_add, &QPushButton::clicked, this, &UserPanel::addDevice);
    connect(m_key, &QLineEdit::returnPressed, this, &UserPanel::addDevice);
    connect(m_remove, &HoldButton::held, this, &UserPanel::removeDevice);
}

std::optional<IdentityKey> UserPanel::chosenDevice() const {
    const int row = m_devices->currentRow();
    if (row < 0 || row >= static_cast<int>(m_user.devices.size())) return std::nullopt;
    return m_user.devices[static_cast<std::size_t>(row)].key;
}

void UserPanel::showDevices(const std::optional<IdentityKey>& chosen) {
    const QSignalBlocker quiet(m_devices); // the list is never seen half built
    m_devices->clear();
    for (const api::DeviceRow& device : m_user.devices) {
        QString text = QString::fromStdString(device.key.hex());
        if (device.mine) text = tr("This device: %1").arg(text);
        if (device.usableFromMs > nowMs())
            text = tr("Moves money from %1: %2").arg(momentText(device.usableFromMs), text);
        m_devices->addItem(text);
        if (device.key == chosen) m_devices->setCurrentRow(m_devices->count() - 1);
    }
}

void UserPanel::setUser(const api::UserRow& user, bool mayChange, bool institution) {
    const bool isNew = user.id != m_user.id;
    const bool sameRoles = !isNew && user.roles == m_user.roles;
    const auto device = isNew ? std::nullopt : chosenDevice();
    m_user = user;
    m_mayChange = mayChange;
    m_institution = institution;
    m_name->setText(plainLine(user.name));
    const std::vector<RoleChoice> choices = allRoles();
    for (std::size_t i = 0; i < m_roles.size(); ++i) {
        if (!sameRoles) m_roles[i]->setChecked((user.roles & choices[i].role) != 0);
        m_roles[i]->setEnabled(mayChange && institution);
    }
    showDevices(device);
    if (isNew) {
        m_key->clear();
        showUnit();
    }
    showButtons();
}

void UserPanel::showUnit() {
    for (const api::UnitRow& unit : m_context.units().rows()) {
        if (QString::fromStdString(unit.code) != m_unit->currentText()) continue;
        m_most->reset();
        m_most->setUnit(unit, unit.shownDecimals);
        for (const api::Amount& most : m_user.orderLimits)
            if (most.unit == unit.id) m_most->setAmount(most);
    }
    showButtons();
}

std::uint32_t UserPanel::ticked() const {
    std::uint32_t roles = 0;
    const std::vector<RoleChoice> choices = allRoles();
    for (std::size_t i = 0; i < m_roles.size(); ++i)
        if (m_roles[i]->isChecked()) roles |= choices[i].role;
    return roles;
}

void UserPanel::showButtons() {
    m_setRoles->setVisible(m_institution);
    m_setRoles->setEnabled(m_mayChange && ticked() != m_user.roles);
    m_most->setEnabled(m_mayChange);
    m_setMost->setEnabled(m_mayChange && m_most->amount());
    m_key->setEnabled(m_mayChange);
    m_add->setEnabled(m_mayChange);
    m_remove->setEnabled(m_mayChange && m_devices->currentRow() >= 0);
}

void UserPanel::done(const QString& text) {
    m_banner->succeed(text);
    emit changed();
}

void UserPanel::setRoles() {
    m_setRoles->setEnabled(false);
    m_context.session().treasury().setRoles(
        m_user.id, ticked(),
        ask(
            this, m_banner, [this] { done(tr("The roles were set.")); }, [this] { showButtons(); }));
}

void UserPanel::setLimit() {
    const auto most = m_most->amount();
    if (!most) return;
    m_context.session().treasury().setOrderLimit(m_user.id, *most,
                                                 ask(this, m_banner, [this] { done(tr("The limit was set.")); }));
}

void UserPanel::addDevice() {
    const auto key = keyFrom(m_key->text());
    if (!key) {
        m_banner->refuse(tr("This is not a key: it has 64 digits from 0 to 9 and a to f."));
        m_key->setFocus();
        return;
    }
    m_context.session().treasury().addDevice(m_user.id, *key, ask(this, m_banner, [this] {
                                                 m_key->clear();
                                                 done(tr("The device was added."));
                                             }));
}

void UserPanel::removeDevice() {
    const auto device = chosenDevice();
    if (!device) return;
    m_context.session().treasury().removeDevice(*device,
                                                ask(this, m_banner, [this] { done(tr("The device was removed.")); }));
}

} // namespace tallylock::ui
