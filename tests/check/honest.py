"""Five small honest apps with the prompts that they answer."""

from __future__ import annotations

HONEST: dict[str, tuple[str, str]] = {
    "salon": (
        "a site for my dog grooming salon. clients book a visit for a service at a time, groomers see the bookings on a board "
        "by status (Booked, Done, Cancelled). services have a name and a price and everybody can see them",
        """\
app: Pawfect
about: Bookings for a dog grooming salon
roles: [client, groomer]
data:
  Service:
    name: text!
    price: money!
  Booking:
    service: Service!
    dog: text!
    starts: datetime!
    status: Booked | Done | Cancelled = Booked
    actions:
      Finish (groomer): [if status = Booked, status = Done]
      Cancel (own or groomer): [if status = Booked, status = Cancelled]
access:
  Service: {read: anyone, write: groomer}
  Booking: {read: own or groomer, create: client, write: groomer, status: {write: nobody}}
pages:
  Home:
    - hero: Happy dogs start here
      text: Gentle hands and warm water, one dog after the other
      button: Find a time -> Book
    - cards: Service
  Book (client):
    - form: Booking
      show: [service, dog, starts]
    - list: Booking
      show: [service, dog, starts, status]
  Bookings (groomer):
    - board: Booking by status
      show: [dog, service, starts]
    - table: Service
seed:
  Service:
    - Bath and brush | 30
    - Full groom | 70
    - Claws | 12
""",
    ),
    "recipes": (
        "a recipe box for my family: recipes with a course (Starter, Main, Dessert), ingredients and method, only for people I invite",
        """\
app: The Tin
about: Our family's recipes
signup: invite
data:
  Recipe:
    name: text!
    course: Starter | Main | Dessert!
    ingredients: long!
    method: long!
    photo: image
access:
  Recipe: {read: user, write: own}
pages:
  Recipes (user):
    - list: Recipe
      show: [name, course]
      filter: [course]
  Write one down (user):
    - form: Recipe
      done: It is in the tin.
seed:
  Recipe:
    - Leek soup | Starter | Three leeks, butter, two potatoes | Sweat the leeks, add the rest, simmer.
    - Plum crumble | Dessert | A kilo of plums, flour, butter, sugar | Rub, cover, bake until it bubbles.
""",
    ),
    "helpdesk": (
        "Please build a helpdesk for our school. Teachers report problems with a title, a description, a room and a priority (Low, Normal, "
        "Urgent); technicians see all tickets in a table, answer them and set the status (Open, Working, Solved). A chart of tickets per "
        "room for technicians. Teachers only see their own tickets. Steel blue on white.",
        """\
app: Fix It Desk
about: Problems with things at our school, and who mends them
theme: {primary: steelblue, background: white}
roles: [teacher, technician]
data:
  Ticket:
    title: text!
    description: long
    room: text!
    priority: Low | Normal | Urgent = Normal
    status: Open | Working | Solved = Open
    answer: long
access:
  Ticket:
    read: own or technician
    create: teacher
    write: technician
    status: {write: technician}
    answer: {write: technician}
pages:
  Home:
    - hero: Something broken?
      text: Say what and where. We come by before the next lesson if we can.
      button: Report a problem -> My tickets
    - steps:
        Say what is wrong: One line and the room are enough
        We look at it: Urgent things first
        You hear from us: The answer stands beside your ticket
  My tickets (teacher):
    - form: Ticket
      show: [title, description, room, priority]
    - list: Ticket
      show: [title, room, status, answer]
  All tickets (technician):
    - chart: bar Ticket by room
    - table: Ticket
      show: [title, room, priority, status, answer]
      filter: [status, priority]
automations:
  when Ticket status = Solved: email owner "{title} is solved: {answer}"
""",
    ),
    "bakery": (
        "website for our bakery in Ludlow with our breads, opening hours, address and phone",
        """\
app: Crumb
about: A bakery in Ludlow with a stone oven
data:
  Bread:
    name: text!
    about: long
    price: money!
    baked_on: text
access:
  Bread: {read: anyone, write: nobody}
pages:
  Home:
    - hero: Bread that takes two days
      text: Flour, water, salt and patience, from a stone oven behind Broad Street
    - cards: Bread
    - contact: Come by
      phone: 01584 960 123
      address: 4 Broad Street, Ludlow
      hours: Tuesday to Saturday, 7 to 14
seed:
  Bread:
    - Country loaf | Half wheat, half rye, dark crust | 4.20 | Every day
    - Seeded rye | Dense and moist, keeps for a week | 4.80 | Wednesday and Friday
    - Baguette | Long ferment, thin crust | 2.10 | Every day
""",
    ),
    "game": (
        "a times table game for my daughter: a question, a box for the answer, and the score goes up while she is right",
        """\
app: Times Ten
about: Times tables against the clock
pages:
  Play:
    - custom: Times tables
      html: |
        <p>Score <b id="score">0</b></p>
        <h2 id="question"></h2>
        <input id="answer" type="number" aria-label="Your answer"> <button id="check">Check</button>
      js: |
        let a, b, score = 0;
        const get = id => document.getElementById(id);
        const ask = () => { a = 2 + Math.floor(Math.random() * 9); b = 2 + Math.floor(Math.random() * 9); get('question').textContent = a + ' times ' + b; get('answer').value = ''; };
        get('check').addEventListener('click', () => { score = Number(get('answer').value) === a * b ? score + 1 : 0; get('score').textContent = score; ask(); });
        ask();
""",
    ),
}
