<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>BalanceModel</name>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Gebunden</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
</context>
<context>
    <name>OrderModel</name>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
</context>
<context>
    <name>SaleTexts</name>
    <message>
        <source>The buyer makes a signed offer</source>
        <translation>Der Käufer gibt ein unterschriebenes Gebot ab</translation>
    </message>
    <message>
        <source>The seller accepts the offer</source>
        <translation>Der Verkäufer nimmt das Gebot an</translation>
    </message>
    <message>
        <source>The seller hands the first password to the key server</source>
        <translation>Der Verkäufer gibt dem Schlüsselserver das erste Passwort</translation>
    </message>
    <message>
        <source>The key server checks the file and locks the first password with a second</source>
        <translation>Der Schlüsselserver prüft die Datei und verschließt das erste Passwort mit einem zweiten</translation>
    </message>
    <message>
        <source>Everything is ready: the price in coins is fixed</source>
        <translation>Alles ist bereit: Der Preis in Münzen steht fest</translation>
    </message>
    <message>
        <source>A wallet is opened for this payment</source>
        <translation>Für diese Zahlung wird eine Geldbörse eröffnet</translation>
    </message>
    <message>
        <source>The buyer pays into the wallet</source>
        <translation>Der Käufer zahlt ein</translation>
    </message>
    <message>
        <source>The payment is final and the sealed file is delivered</source>
        <translation>Die Zahlung ist endgültig, die versiegelte Datei wird geliefert</translation>
    </message>
    <message>
        <source>The seller&apos;s money is put into escrow</source>
        <translation>Das Geld des Verkäufers wird hinterlegt</translation>
    </message>
    <message>
        <source>Escrow pays the seller</source>
        <translation>Der Verkäufer wird aus der Hinterlegung bezahlt</translation>
    </message>
    <message>
        <source>The buyer&apos;s coins go to the second exchange</source>
        <translation>Die Münzen des Käufers gehen an die zweite Börse</translation>
    </message>
    <message>
        <source>The first part of the key is sent to the buyer</source>
        <translation>Der erste Teil des Schlüssels geht an den Käufer</translation>
    </message>
    <message>
        <source>The second part of the key is sent to the buyer</source>
        <translation>Der zweite Teil des Schlüssels geht an den Käufer</translation>
    </message>
    <message>
        <source>The buyer unlocks the file</source>
        <translation>Der Käufer öffnet die Datei</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Buyer</source>
        <translation>Käufer</translation>
    </message>
    <message>
        <source>Seller</source>
        <translation>Verkäufer</translation>
    </message>
    <message>
        <source>Key server</source>
        <translation>Schlüsselserver</translation>
    </message>
    <message>
        <source>Coordinator</source>
        <translation>Koordinator</translation>
    </message>
    <message>
        <source>First exchange</source>
        <translation>Erste Börse</translation>
    </message>
    <message>
        <source>Escrow</source>
        <translation>Hinterlegung</translation>
    </message>
    <message>
        <source>Dollar exchange</source>
        <translation>Dollarbörse</translation>
    </message>
    <message>
        <source>Second exchange</source>
        <translation>Zweite Börse</translation>
    </message>
</context>
<context>
    <name>TimeTexts</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 Std.</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 Std. %2 min</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 Tage</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>überfällig</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::BalancesCard</name>
    <message>
        <source>Balances</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Open &amp;funds</source>
        <translation>&amp;Geld öffnen</translation>
    </message>
    <message>
        <source>Open funds</source>
        <translation>Geld öffnen</translation>
    </message>
    <message>
        <source>No money yet.</source>
        <translation>Noch kein Geld.</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Gebunden</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ConfirmPage</name>
    <message>
        <source>Confirm three words</source>
        <translation>Drei Wörter bestätigen</translation>
    </message>
    <message>
        <source>Type these words from your paper.</source>
        <translation>Tippen Sie diese Wörter von Ihrem Papier ab.</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
    <message>
        <source>Word %1 is not the one on the page before. Look at your paper again.</source>
        <translation>Wort %1 ist nicht das von der vorigen Seite. Sehen Sie noch einmal auf Ihr Papier.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DetailsPage</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DonePage</name>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FirstSteps</name>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Try a whole sale here before you sell or buy anything real.</source>
        <translation>Probieren Sie hier einen ganzen Verkauf, bevor Sie Echtes verkaufen oder kaufen.</translation>
    </message>
    <message>
        <source>Start the practice counterparty</source>
        <translation>Die Übungs-Gegenseite starten</translation>
    </message>
    <message>
        <source>It lists a sample file, buys what you list, and accepts your offers.</source>
        <translation>Sie bietet eine Beispieldatei an, kauft Ihre Angebote und nimmt Ihre Gebote an.</translation>
    </message>
    <message>
        <source>Start counterparty</source>
        <translation>Gegenseite starten</translation>
    </message>
    <message>
        <source>Add practice money</source>
        <translation>Übungsgeld hinzufügen</translation>
    </message>
    <message>
        <source>Dollars and coins to try things with. They are worth nothing.</source>
        <translation>Dollar und Münzen zum Ausprobieren. Sie sind nichts wert.</translation>
    </message>
    <message>
        <source>Buy a file</source>
        <translation>Eine Datei kaufen</translation>
    </message>
    <message>
        <source>Look round the shop and make an offer.</source>
        <translation>Sehen Sie sich im Laden um und geben Sie ein Gebot ab.</translation>
    </message>
    <message>
        <source>Go to the shop</source>
        <translation>Zum Laden</translation>
    </message>
    <message>
        <source>Sell a file</source>
        <translation>Eine Datei verkaufen</translation>
    </message>
    <message>
        <source>Pick a file of yours; it is encrypted on this machine and listed.</source>
        <translation>Wählen Sie eine Ihrer Dateien; sie wird auf diesem Rechner verschlüsselt und angeboten.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Frame</name>
    <message>
        <source>Ctrl+%1</source>
        <translation>Strg+%1</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>Practice mode</source>
        <translation>Übungsbetrieb</translation>
    </message>
    <message>
        <source>Coins and bank money here are for practice and worth nothing.</source>
        <translation>Münzen und Bankgeld sind hier zum Üben und nichts wert.</translation>
    </message>
    <message>
        <source>Profile of this window</source>
        <translation>Profil dieses Fensters</translation>
    </message>
    <message>
        <source>Fingerprint: %1</source>
        <translation>Fingerabdruck: %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FundsView</name>
    <message>
        <source>Balances</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Funds</source>
        <translation>Geld</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::HomeView</name>
    <message>
        <source>Needs you now</source>
        <translation>Jetzt sind Sie gefragt</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Nothing needs you at the moment.</source>
        <translation>Im Augenblick ist nichts zu tun.</translation>
    </message>
    <message>
        <source>No sale is under way.</source>
        <translation>Kein Verkauf ist unterwegs.</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Übersicht</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::LibraryPanel</name>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::LibraryView</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ListingPage</name>
    <message>
        <source>Seller</source>
        <translation>Verkäufer</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::MainWindow</name>
    <message>
        <source>Tallylock</source>
        <translation>Tallylock</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New window for another profile…</source>
        <translation>&amp;Neues Fenster für ein anderes Profil …</translation>
    </message>
    <message>
        <source>&amp;Close this window</source>
        <translation>Fenster &amp;schließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Practice</source>
        <translation>Ü&amp;bung</translation>
    </message>
    <message>
        <source>&amp;Start practice counterparty</source>
        <translation>Übungs-Gegenseite &amp;starten</translation>
    </message>
    <message>
        <source>&amp;Add practice money</source>
        <translation>Übungsgeld &amp;hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About Tallylock</source>
        <translation>Ü&amp;ber Tallylock</translation>
    </message>
    <message>
        <source>About Tallylock</source>
        <translation>Über Tallylock</translation>
    </message>
    <message>
        <source>Tallylock %1</source>
        <translation>Tallylock %1</translation>
    </message>
    <message>
        <source>Sell and buy encrypted files. The key is handed over when the money has moved.</source>
        <translation>Verschlüsselte Dateien verkaufen und kaufen. Der Schlüssel wird übergeben, wenn das Geld geflossen ist.</translation>
    </message>
    <message>
        <source>%1 – Tallylock</source>
        <translation>%1 – Tallylock</translation>
    </message>
    <message>
        <source>Tallylock of %1</source>
        <translation>Tallylock von %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::MarketView</name>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OrderTicket</name>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PhrasePage</name>
    <message>
        <source>Your seed phrase</source>
        <translation>Ihre Schlüsselwörter</translation>
    </message>
    <message>
        <source>Write these words down on paper, in this order, and keep them to yourself. They are all it takes to restore the profile, and all it takes to steal it. They are not shown again.</source>
        <translation>Schreiben Sie diese Wörter in dieser Reihenfolge auf Papier und zeigen Sie sie niemandem. Mehr braucht es nicht, um das Profil wiederherzustellen – und mehr braucht auch kein Dieb. Sie werden nicht noch einmal gezeigt.</translation>
    </message>
    <message>
        <source>I have &amp;written them down</source>
        <translation>Ich habe sie &amp;aufgeschrieben</translation>
    </message>
    <message>
        <source>I have written them down</source>
        <translation>Ich habe sie aufgeschrieben</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ProfilePage</name>
    <message>
        <source>Name and passphrase</source>
        <translation>Name und Passphrase</translation>
    </message>
    <message>
        <source>Others see the name. The passphrase locks the profile on this machine; it is asked for each time the profile is opened.</source>
        <translation>Den Namen sehen andere. Die Passphrase schließt das Profil auf diesem Rechner ab; sie wird bei jedem Öffnen verlangt.</translation>
    </message>
    <message>
        <source>Profile name</source>
        <translation>Profilname</translation>
    </message>
    <message>
        <source>letters, digits, - and _</source>
        <translation>Buchstaben, Ziffern, - und _</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>at least 8 characters</source>
        <translation>mindestens 8 Zeichen</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>Passphrase noch einmal</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation>Passphrase &amp;noch einmal</translation>
    </message>
    <message>
        <source>&amp;Create profile</source>
        <translation>Profil &amp;anlegen</translation>
    </message>
    <message>
        <source>Create profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>The two passphrases differ. Type both again.</source>
        <translation>Die beiden Passphrasen sind verschieden. Bitte beide noch einmal eingeben.</translation>
    </message>
    <message>
        <source>Creating the profile…</source>
        <translation>Das Profil wird angelegt …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ProgressPanel</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::RestorePage</name>
    <message>
        <source>Restore from a seed phrase</source>
        <translation>Aus Schlüsselwörtern wiederherstellen</translation>
    </message>
    <message>
        <source>Type the words in their order; a few letters of each are enough. The whole phrase may also be pasted into the first field.</source>
        <translation>Tippen Sie die Wörter der Reihe nach; einige Buchstaben von jedem genügen. Alle zusammen lassen sich auch in das erste Feld einfügen.</translation>
    </message>
    <message>
        <source>12 words</source>
        <translation>12 Wörter</translation>
    </message>
    <message>
        <source>24 words</source>
        <translation>24 Wörter</translation>
    </message>
    <message>
        <source>Number of words</source>
        <translation>Anzahl der Wörter</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
    <message>
        <source>This word is not in the word list.</source>
        <translation>Dieses Wort steht nicht in der Wortliste.</translation>
    </message>
    <message>
        <source>Word %1 is missing.</source>
        <translation>Wort %1 fehlt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SaleLines</name>
    <message>
        <source>Open sale</source>
        <translation>Verkauf öffnen</translation>
    </message>
    <message>
        <source>Open sale %1</source>
        <translation>Verkauf %1 öffnen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SalePage</name>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SalesView</name>
    <message>
        <source>Go to the shop</source>
        <translation>Zum Laden</translation>
    </message>
    <message>
        <source>Sales</source>
        <translation>Verkäufe</translation>
    </message>
    <message>
        <source>Sale</source>
        <translation>Verkauf</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SellView</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ShopView</name>
    <message>
        <source>Sell a file</source>
        <translation>Eine Datei verkaufen</translation>
    </message>
    <message>
        <source>Shop</source>
        <translation>Laden</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::StartPage</name>
    <message>
        <source>Welcome to Tallylock</source>
        <translation>Willkommen bei Tallylock</translation>
    </message>
    <message>
        <source>Sell and buy encrypted files: the key is handed over when the money has moved. This is the practice network; its coins and bank money are worth nothing.</source>
        <translation>Verschlüsselte Dateien verkaufen und kaufen: Der Schlüssel wird übergeben, wenn das Geld geflossen ist. Dies ist das Übungsnetz; seine Münzen und sein Bankgeld sind nichts wert.</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>%1 (open)</source>
        <translation>%1 (geöffnet)</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open profile</source>
        <translation>Profil öffnen</translation>
    </message>
    <message>
        <source>Open a profile</source>
        <translation>Ein Profil öffnen</translation>
    </message>
    <message>
        <source>Begin here</source>
        <translation>Hier beginnen</translation>
    </message>
    <message>
        <source>Another profile</source>
        <translation>Ein weiteres Profil</translation>
    </message>
    <message>
        <source>A profile is one identity, with its own seed phrase, money and library. Its seed phrase restores it anywhere.</source>
        <translation>Ein Profil ist eine Identität mit eigenen Schlüsselwörtern, eigenem Geld und eigener Bibliothek. Die Schlüsselwörter stellen es überall wieder her.</translation>
    </message>
    <message>
        <source>&amp;Create a profile</source>
        <translation>Profil &amp;anlegen</translation>
    </message>
    <message>
        <source>Create a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>&amp;Restore from a seed phrase</source>
        <translation>Aus Schlüsselwörtern &amp;wiederherstellen</translation>
    </message>
    <message>
        <source>Restore from a seed phrase</source>
        <translation>Aus Schlüsselwörtern wiederherstellen</translation>
    </message>
    <message>
        <source>Choose a profile first.</source>
        <translation>Bitte zuerst ein Profil wählen.</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WelcomePage</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WordCell</name>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
</context>
</TS>
