"""What mouse and keys do besides the actions, in English: on the network, on pictures, with cards."""

Row = tuple[str, str]  # what one does, what comes of it

# What the canvas understands besides the actions, in English.
GESTURES: tuple[Row, ...] = (
    ("Click + between the heads", "Adds a layer"),
    ("Click + below a column, or press +", "Adds a unit"),
    ("Click a head, or Enter", "Opens the fields of the layer or of the inputs"),
    ("Click a link or a unit, then type", "Sets its weight or its bias"),
    ("L on a unit", "Goes to its links; the arrows go on"),
    ("Delete", "Cuts the link, removes what is chosen"),
    ("Drag from head to head", "Leads a skip"),
    ("Drag from unit to unit", "Joins a link that was cut"),
    ("Drag from an empty place", "Chooses units and layers"),
    ("Ctrl and click", "Chooses one more, or one less"),
    ("Ctrl and arrows, Ctrl and Space", "Go on without choosing; choose one more, or one less"),
    ("Ctrl and wheel, or two fingers", "Goes nearer or farther"),
    ("Wheel, middle button, or drag with Space held", "Moves the view when it is near"),
    ("Tab and arrows", "Go from layer to layer, from unit to unit"),
    ("Right click, or the menu key", "Shows what can be done there"),
    ("Space in slow motion", "Pauses it, or goes on; M shows the next batch, Esc ends"),
)
# What the mouse does on every picture.
PICTURE_GESTURES: tuple[Row, ...] = (
    ("Point at anything", "Says its numbers"),
    ("Click", "Shows the same layer, unit or epoch everywhere"),
    ("Wheel, then drag", "Looks closer, at another part"),
    ("Double click", "Shows the whole; or the card alone"),
    ("Right click, or the menu key", "Shows what can be done there"),
    ("With the pencil: click, drag, right click", "Adds, moves, erases points"),
)
# What the mouse does with the cards.
CARD_GESTURES: tuple[Row, ...] = (
    ("Drag the head of a card", "Moves the card; Escape puts it back"),
    ("Drag a tab out of its row", "Gives the picture a card of its own"),
    ("Drop a card outside the window", "Gives it a window of its own; closing that brings it back"),
)
