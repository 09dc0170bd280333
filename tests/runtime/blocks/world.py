"""A small shop of instruments: every kind of field, parts, marks, actions, hidden fields and people of three kinds."""

SHOP = """
app: Bow & Bridge
roles: [player, luthier]
data:
  Maker:
    name: text!
    town: text
  Violin:
    name: text!
    maker: Maker
    state: On the bench | Ready | Sold = On the bench
    price: money EUR
    year: int 1500..2030
    weight: number g
    polish: percent
    sound: rating
    fragile: bool
    tags: tags
    moods: [Warm | Bright | Dark]
    made: date
    seen: datetime
    opens: time
    mail: email
    tel: phone
    page: url
    colour: color
    place: location
    about: long
    facts: json
    photo: image
    papers: [file]
    helpers: [Maker]
    secret: text
    likes: marks
    number: serial V-001
    double: money EUR = price * 2
    actions:
      Sell (luthier): [if state = Ready, ask price, state = Sold]
      Make ready (luthier): [if state = On the bench, state = Ready]
      Scrap (luthier): [confirm "Break it up?", delete]
    rules:
      Old wood is heavy: weight = null or weight > 100
  Repair:
    violin: Violin! part
    what: text!
    hours: number
  Comment:
    violin: Violin!
    text: long!
    author: User! owner = me
  Wish:
    name: text!
    email: email!
    violin: Violin
  Order:
    name: text!
    buyer: User! owner = me
    violin: Violin
access:
  Maker: {read: anyone, write: luthier}
  Violin: {read: anyone, write: luthier, secret: {read: luthier, write: luthier}}
  Comment: {read: anyone, create: user, update: own, delete: own}
  Wish: {read: luthier, create: anyone, update: luthier, delete: luthier}
  Order: {read: own or luthier, create: user, update: own, delete: own}
pages:
  Home:
    - table: Violin
      show: [name, maker, state, price, made, sound, secret]
      filter: [state, maker, price, made, secret]
      sort: name
      edit: [state, price]
      total: [price]
    - table: Order
      show: [name, buyer, violin]
    - search: [Violin, Maker, Order]
  Wishes:
    - form: Wish
      show: [name, email]
      set: violin = null
      done: We will write to you.
      button: Wish
  Talk:
    - feed: Violin
      show: [about, photo, likes]
    - list: Violin
      show: [maker, state, price]
  Bench (luthier):
    - form: Violin
  Each Maker:
    - detail: Maker
    - table: Violin
      show: [name, state]
    - form: Violin
      show: [name]
      set: [state = Ready, secret = "from the page"]
seed:
  Maker:
    - Amati | Cremona
    - Guarneri | Cremona
  Violin:
    - Alard | Amati | Ready | 1000 | 1649
    - Brookings | Amati | On the bench | 250.50 | 1654
    - Carrodus | Guarneri | Sold | 3000 | 1743
    - =HYPERLINK("x") | Guarneri | Ready | | 1700
"""
