"""Four made-up places, one for each style, with the words and records that such places have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class App:
    """The words of one place. `cards` are (title, text, price, chip); `rows` are (main, person, date, amount, status)."""

    style: str
    name: str
    about: str
    primary: str
    background: str
    accent: str | None
    headline: str
    lead: str
    button: str
    pages: tuple[tuple[str, str], ...]
    more_pages: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    cards_title: str
    cards: tuple[tuple[str, str, str, str], ...]
    features: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    quote: tuple[str, str, str]
    plans: tuple[tuple[str, str, str], ...]
    questions: tuple[tuple[str, str], ...]
    address: str
    hours: str
    table_title: str
    columns: tuple[str, str, str, str, str]
    rows: tuple[tuple[str, str, str, str, str], ...]
    stats: tuple[tuple[str, str, str], ...]


_MORE = (
    ("Customers", "users"),
    ("Invoices", "receipt"),
    ("Messages", "mail"),
    ("Stock", "package"),
    ("Reports", "chart-column"),
    ("Settings", "settings"),
)

APPS = (
    App(
        style="friendly",
        name="Crumb & Kettle",
        about="A neighbourhood bakery and tea room in Leith",
        primary="#b5482a",
        background="#fff8ee",
        accent="#e8b04a",
        headline="Bread worth getting up for",
        lead="Slow sourdough, cardamom buns and proper tea, from our oven on Elm Street. Order by six and it is warm when you come by.",
        button="Order for tomorrow",
        pages=(("Home", "house"), ("Our bakes", "store"), ("Order", "shopping-bag"), ("Visit us", "map-pin")),
        more_pages=_MORE,
        people=("Morag Sinclair", "Tom Abara", "Yuki Tanaka", "Elif Demir", "Jonas Weber", "Priya Nair"),
        cards_title="This week's bakes",
        cards=(
            ("Country sourdough", "Thirty hours of patience, a dark crust and a tender crumb.", "£4.80", "Available"),
            ("Cardamom bun", "Knotted by hand, brushed with syrup, gone by noon.", "£2.90", "Low stock"),
            ("Pear and almond tart", "Scottish pears, frangipane, short pastry.", "£4.20", "Available"),
            ("Breakfast tea", "Our own blend, loose, by the pot or the bag.", "£6.50", "Available"),
            ("Lemon drizzle cake", "Sharp, sticky, and the reason people move here.", "£3.40", "Sold out"),
            ("Seeded rye", "Dense and dark, best on the second day.", "£5.10", "Available"),
        ),
        features=(
            ("Local flour", "Milled nine miles away from grain we can walk to."),
            ("Baked at four", "Everything leaves the oven the morning you eat it."),
            ("Delivered by bike", "Within two miles, before eight, no packaging to throw away."),
        ),
        steps=(
            ("Choose your bakes", "By six in the evening."),
            ("We bake overnight", "At four, when it is quiet."),
            ("Pick up or delivery", "Warm, from seven."),
        ),
        quote=("I moved flats and chose the street by the smell of this place.", "Hannah Reid", "Regular since 2019"),
        plans=(
            ("Saturday loaf", "£19", "One sourdough every Saturday of the month"),
            ("Family box", "£46", "Two loaves and six buns every weekend"),
            ("Office tray", "£120", "Thirty pastries on the morning you choose"),
        ),
        questions=(
            ("Can I order for the same day?", "Come by before ten: there is almost always something left."),
            (
                "Do you bake without gluten?",
                "Not yet. Our kitchen is small and full of flour, and we would rather be honest.",
            ),
            ("Do you take dogs?", "Yes, and we keep biscuits for them."),
        ),
        address="12 Elm Street\nEdinburgh EH6 7AB",
        hours="Tue to Sun 7:00 to 16:00",
        table_title="Orders",
        columns=("Order", "Customer", "Pick-up", "Total", "Status"),
        rows=(
            ("Two country loaves", "Hannah Reid", "23 Nov, 8:00", "£9.60", "Ready"),
            ("Office tray", "Calder Architects", "23 Nov, 8:30", "£120.00", "In progress"),
            ("Cardamom buns, 12", "Jonas Weber", "24 Nov, 9:00", "£34.80", "Pending"),
            ("Birthday cake", "Elif Demir", "25 Nov, 14:00", "£42.00", "Paid"),
            ("Seeded rye", "Tom Abara", "22 Nov, 7:30", "£5.10", "Late"),
        ),
        stats=(
            ("Orders today", "38", "+12 %"),
            ("Earned this month", "£6,240", "+8 %"),
            ("Loaves to bake", "64", ""),
            ("Sold out", "3", "-2"),
        ),
    ),
    App(
        style="minimal",
        name="Ledgerline",
        about="Projects, time and invoices for small studios",
        primary="#3b5bdb",
        background="white",
        accent="#e8793a",
        headline="Know what every hour was worth",
        lead="Ledgerline keeps projects, time and invoices in one place, so that a studio of five can see its month at a glance.",
        button="Start a project",
        pages=(
            ("Overview", "layout-dashboard"),
            ("Projects", "kanban"),
            ("Time", "clock"),
            ("Invoices", "receipt"),
            ("Clients", "users"),
        ),
        more_pages=_MORE[2:],
        people=("Ines Alvarado", "Marcus Bell", "Sofia Lindqvist", "Dev Patel", "Noor Haddad", "Liam Byrne"),
        cards_title="Active projects",
        cards=(
            ("Harbour website", "Rebuild of the ferry timetable and booking.", "€18,400", "In progress"),
            ("Brand for Kestrel", "Name, mark and a book of rules.", "€9,200", "In review"),
            ("Annual report", "Sixty pages, print and web, due in March.", "€12,750", "Planned"),
            ("Clinic app", "Appointments for three practices.", "€31,000", "At risk"),
            ("Museum signage", "Wayfinding over two floors.", "€7,600", "Done"),
            ("Podcast launch", "Artwork, site and a trailer.", "€4,100", "On hold"),
        ),
        features=(
            ("Track time in one key", "Start, switch and stop without leaving what you are doing."),
            ("Invoices from hours", "A month of work becomes a numbered invoice in a minute."),
            ("Budgets that warn early", "A note at eighty per cent, not a surprise at a hundred and ten."),
            ("Clients see their own", "Each client reads their project and nothing else."),
            ("Reports you can send", "Clean pages that print as they look."),
            ("Your data, private", "On your own machine, exported whenever you like."),
        ),
        steps=(
            ("Set up a project", "A client, a budget, a rate."),
            ("Log the work", "By timer or at the end of the day."),
            ("Send the invoice", "Checked, numbered, on time."),
        ),
        quote=(
            "We stopped guessing in the second week. In the third we raised our prices.",
            "Sofia Lindqvist",
            "Partner, Nord & Falk",
        ),
        plans=(
            ("Solo", "€0", "One person, three projects"),
            ("Studio", "€29", "Up to ten people, everything included"),
            ("Agency", "€89", "Unlimited people, roles and support"),
        ),
        questions=(
            ("Can I bring my old data?", "Yes: import clients, projects and hours from a spreadsheet."),
            ("Which currencies?", "All of them; each client has their own."),
            ("Is there a contract?", "No. Month by month, and your data goes with you."),
        ),
        address="Torstraße 110\n10119 Berlin",
        hours="Mon to Fri 9:00 to 17:00",
        table_title="Invoices",
        columns=("Invoice", "Client", "Due", "Amount", "Status"),
        rows=(
            ("INV-0142", "Kestrel Coffee", "12 Dec 2026", "€4,600.00", "Sent"),
            ("INV-0141", "Port of Malmö", "30 Nov 2026", "€9,200.00", "Paid"),
            ("INV-0140", "Brightside Clinics", "14 Nov 2026", "€10,350.00", "Overdue"),
            ("INV-0139", "City Museum", "08 Nov 2026", "€3,800.00", "Paid"),
            ("INV-0138", "Fieldnotes Radio", "", "€1,240.00", "Draft"),
        ),
        stats=(
            ("Open invoices", "€24,190", "+6 %"),
            ("Billable this month", "312 h", "+4 %"),
            ("Average rate", "€78", "-3 %"),
            ("Overdue", "€10,350", ""),
        ),
    ),
    App(
        style="bold",
        name="Loud Basement",
        about="Concerts, records and a bar under the old post office",
        primary="#ff5533",
        background="#f4efe4",
        accent="#2b50e0",
        headline="Five nights a week too loud",
        lead="New bands, old records, cheap beer. Under the post office since 2011.",
        button="Get tickets",
        pages=(("Tonight", "flame"), ("Programme", "calendar"), ("Records", "disc-3"), ("Join", "users")),
        more_pages=_MORE,
        people=("Ruby Okafor", "Sam Castillo", "Ola Nowak", "Kit Marlow", "Zoe Banks", "Ari Levi"),
        cards_title="Coming up",
        cards=(
            ("Night Bus", "Post-punk from Leeds with a drum machine that hates them.", "£12", "Sold out"),
            ("Velvet Tax", "Synths, sequins and one very good song.", "£9", "Available"),
            ("Open turntables", "Bring three records. Play them. Drink.", "Free", "Open"),
            ("The Guitar Exchange", "Swap, sell and argue about guitars.", "£5", "Available"),
            ("Cinema Mono", "Silent film with a live band.", "£11", "Cancelled"),
            ("Choir for people who cannot sing", "Every second Sunday, no exceptions.", "£4", "Available"),
        ),
        features=(
            ("No seats", "There are walls to lean on and a floor to stand on."),
            ("No phones in front", "Behind you somebody wants to see."),
            ("Everybody gets home", "Night bus from the door until four."),
        ),
        steps=(
            ("Pick a night", "All of them are on this page."),
            ("Buy or queue", "A third of tickets at the door."),
            ("Come early", "First bands are the best bands."),
        ),
        quote=("My ears rang for two days and I would do it again tomorrow.", "Kit Marlow", "The Evening Paper"),
        plans=(
            ("One night", "£9", "A ticket and a stamp"),
            ("Friend", "£8", "Every month: two nights and cheap beer"),
            ("Family", "£15", "Every night, and your name on the wall"),
        ),
        questions=(
            ("How old must I be?", "Eighteen at night, anything on Sunday afternoons."),
            ("Can my band play?", "Send three songs. We listen to all of them, on Mondays."),
            ("Is there step-free access?", "Yes: ring the bell at the yard door."),
        ),
        address="Under the post office\nMarket Square 1, Leeds",
        hours="Wed to Sun, doors at 19:30",
        table_title="Bookings",
        columns=("Show", "Contact", "Date", "Fee", "Status"),
        rows=(
            ("Night Bus", "Ola Nowak", "27 Nov, 20:00", "£640", "Confirmed"),
            ("Velvet Tax", "Zoe Banks", "28 Nov, 21:00", "£420", "Confirmed"),
            ("Cinema Mono", "Ari Levi", "03 Dec, 19:30", "£800", "Cancelled"),
            ("Paper Wolves", "Kit Marlow", "05 Dec, 20:00", "£350", "Requested"),
            ("Slow Exit", "Sam Castillo", "11 Dec, 21:00", "£500", "Draft"),
        ),
        stats=(
            ("Tickets tonight", "184", "+31 %"),
            ("Bar this week", "£5,920", "+9 %"),
            ("Bands waiting", "47", ""),
            ("Complaints", "2", "-4"),
        ),
    ),
    App(
        style="elegant",
        name="Maren Holt",
        about="Ceramics and objects for quiet rooms, made in Copenhagen",
        primary="#4d5b46",
        background="#f6f3ec",
        accent="#b98a5e",
        headline="Objects for a slower table",
        lead="Stoneware thrown, glazed and fired by four people in a former laundry in Nørrebro. Each piece is made once.",
        button="See the collection",
        pages=(("Collection", "store"), ("Journal", "book-open"), ("Studio", "house"), ("Classes", "calendar")),
        more_pages=_MORE,
        people=("Maren Holt", "Anders Lykke", "Clara Dupont", "Mika Salonen", "Ida Frost", "Jun Park"),
        cards_title="New from the kiln",
        cards=(
            ("Tall vase, ash glaze", "Thrown in one piece, 34 cm.", "€210", "Available"),
            ("Breakfast bowl", "White clay, iron speckle.", "€48", "Available"),
            ("Tea cup, pair", "Thin walls, no handle.", "€76", "Reserved"),
            ("Olive oil bottle", "A narrow neck and a steady pour.", "€64", "Available"),
            ("Candle stand", "For evenings in November.", "€38", "Sold"),
            ("Fruit stand with lemon", "Low, wide, a little uneven.", "€132", "Available"),
        ),
        features=(
            ("Clay from Bornholm", "Dug on the island, washed and aged for a year in our cellar."),
            ("Fired with wood", "Two days and a night, three times a year, with friends."),
            ("Mended for life", "Bring back what breaks. We mend it with gold, or make it again."),
        ),
        steps=(
            ("Write to us", "Tell us about the room and the table."),
            ("We draw and throw", "Two or three pieces, so that you can choose."),
            ("It is fired", "In the next kiln, and delivered by hand."),
        ),
        quote=("The cup is the first thing I look for in the morning.", "Clara Dupont", "Paris"),
        plans=(
            ("An evening", "€65", "Three hours at the wheel, clay and wine included"),
            ("Six weeks", "€340", "Tuesday evenings, from ball to glazed bowl"),
            ("A commission", "From €900", "A service for your table, made to a drawing"),
        ),
        questions=(
            ("Are the pieces safe for the dishwasher?", "All but the wood-fired ones, which prefer your hands."),
            ("Do you ship abroad?", "To Europe, Japan and North America, packed in straw."),
            ("May I visit?", "On Saturdays, or when the door is open."),
        ),
        address="Griffenfeldsgade 31\n2200 København N",
        hours="Sat 11 to 16, and by appointment",
        table_title="Commissions",
        columns=("Piece", "Client", "Kiln", "Price", "Status"),
        rows=(
            ("Dinner service for eight", "Clara Dupont", "4 Dec", "€2,400", "In progress"),
            ("Floor vase", "Hotel Sanders", "4 Dec", "€890", "Approved"),
            ("Tea bowls", "Jun Park", "18 Jan", "€460", "Enquiry"),
            ("Wall tiles", "Noma Projects", "18 Jan", "€5,200", "Waiting"),
            ("Lamp base", "Ida Frost", "22 Nov", "€380", "Delivered"),
        ),
        stats=(
            ("In the kiln", "42", ""),
            ("Commissions", "€9,330", "+14 %"),
            ("Places in classes", "7", "-3"),
            ("Visitors on Saturday", "118", "+22 %"),
        ),
    ),
)
