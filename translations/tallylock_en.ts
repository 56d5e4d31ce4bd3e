<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>tallylock::ui::ApprovalsPanel</name>
    <message numerus="yes">
        <source>%n approval(s) by others</source>
        <translation>
            <numerusform>%n approval by others</numerusform>
            <numerusform>%n approvals by others</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OrdersPanel</name>
    <message numerus="yes">
        <source>%n order(s) cancelled.</source>
        <translation>
            <numerusform>%n order cancelled.</numerusform>
            <numerusform>%n orders cancelled.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SpotPanel</name>
    <message numerus="yes">
        <source>This file has %n portion(s). Under 100, none of them may be opened before it is paid, so there is no spot check. What you can check are the preview and the seller.</source>
        <translation>
            <numerusform>This file has %n portion. Under 100, none of them may be opened before it is paid, so there is no spot check. What you can check are the preview and the seller.</numerusform>
            <numerusform>This file has %n portions. Under 100, none of them may be opened before it is paid, so there is no spot check. What you can check are the preview and the seller.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::StatementPanel</name>
    <message numerus="yes">
        <source>%n entries, and older ones</source>
        <translation>
            <numerusform>%n entry, and older ones</numerusform>
            <numerusform>%n entries, and older ones</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries written so far…</source>
        <translation>
            <numerusform>%n entry written so far…</numerusform>
            <numerusform>%n entries written so far…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The statement was saved: %n entries.</source>
        <translation>
            <numerusform>The statement was saved: %n entry.</numerusform>
            <numerusform>The statement was saved: %n entries.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WithdrawPanel</name>
    <message numerus="yes">
        <source>%n other treasurer(s) must approve it.</source>
        <translation>
            <numerusform>%n other treasurer must approve it.</numerusform>
            <numerusform>%n other treasurers must approve it.</numerusform>
        </translation>
    </message>
</context>
</TS>
