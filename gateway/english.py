"""Common English words that are also syllables of pinyin; in a line they are English."""

_TEXT = """
age amaze anime are area asia bade bake banana beige bike binge bingo bite biting bone boning
cage cake canada chance change cheque chide chile china cue cute dale damage dance data date
dating daze dense dialogue dice die dine diner dingo dining dude due dune era face fade fake
fatigue gala game gaming gate gaze genie genre guide guile guise hale hate hating haze hue huge
june kanji lace lade lake lama lance language late laze league leaning lie like line linen liner
lingo lining lone luge mace made make male manage manga mange mango mania mate mating maxi maze
meaning media mega meme menu mice mike mile mine miner mini mining mode mole mule mute name
naming nice niece nike nine nude omega one page pale panama panda paying pence pie piece pile
pining pole pose range rice ride riding rude rue rule safari saga sage sake sale same saying
sense shade shake shale shame share shine side siding site sue suite sushi take tale taming
tango taxi tie tile tinge tune wade wage wake woman women yoga zeta
"""
ENGLISH = frozenset(_TEXT.split())
