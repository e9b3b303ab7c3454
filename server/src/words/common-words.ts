/**
 * Everyday English. A word of it that stands alone says nothing about a situation, and none of it is ever taken for
 * a misspelt term: "late" is not "lead".
 */
const listOf = (text: string) => new Set(text.trim().split(/\s+/));

/** Words that only hold a sentence together. */
export const fillerWords = listOf(`
a about after again all also am an and any are around as ask asked asking asks at be because been before being but by
came can come comes could did do does doing done for from get gets getting give gives go goes going got had has have
having he hello help her here hey hi him his how i if in into is it its just keep keeps kind last let like look looking
make makes may me might more most much must my need needs next now of off ok okay on one only or other our out over
please put really say saying says said see seem seems shall she should show since so some something still such
tell tells than thank thanks that the their them then there these they thing things think thinks this those through
to told too tomorrow today up us very want wanted wants was way we well were what when where whether which while who whom
whose why will with would yes yesterday yet you your re ve ll m s t d`);

/** Words that turn what follows into its opposite. */
export const negations =
  listOf(`no not nobody none never nothing nowhere without lack lacks lacking cannot neither
nor isn aren wasn weren don doesn didn won wouldn couldn shouldn hasn haven hadn ain`);

/** Other words that everybody uses, in the forms in which they are typed. */
export const commonWords = listOf(`
able above access account accounts across action add address against ago agree ahead air almost alone along already
although always amount answer answers anybody anyone anything app apps area arm art article away baby back bad bag
bank base based basic become bed begin behind believe below best better between big bit black blue board body book
both bottom box brand break bring brings broad brother brought budget build building built business buy buyer buyers call
called calls card care careful case cases cause center certain chance change changes check child city class clean
clear close code cold color come common community company companies complete concern concerned concerns consider
contact contain containers content control copy core corner correct cost costs count country couple course cover
create current customer customers cut daily data date day days deal deals decide decided deep demo design detail
details develop differ different direct do doctor document door down draw drive drop due during each early easy edge
effect eight either else email end enough enter entire even event ever every everybody everyone everything
everywhere example exist explain explained extra eye face fact fail fair fall family far fast father fear feature few
field fight figure file fill final find fine finish fire first fit five fix flow focus follow food force form forms
forward found four free friend friends front full fun future game general gift girl glad global goal good great green
ground group grow guess guide half hand handle happen happy hard head hear heard heart heat heavy hello high hire hit
hold home hope horse host hot hour hours house huge human hundred idea image images important include information
inside instance instead interest issue item job join keen key kid kill king know known land language large late later
latest lead leader leads learn least leave leaves left legal less letter level life light limit line link list listen
little live load local long lose loss lost lot love low main maintain man manage manager many map march mark
market matter mean means meet meeting member men message method middle mind minute miss model moment money month
months morning mother motion move moved music name naming near never new news nice night nine note number offer office
often old once open option order others outside own owner package packages page paid paper part parts party pass past
pay people per person phone pick picture piece place plain plan plans play point poor position possible post
power present press pretty price problem process product program project prompt prompts public pull push quarter
question questions quick quickly quiet quite rate reach read ready real reason receive recent record red remain
remember report request rest result return review rich right risk road role room rule run runs safe sale sales same save
school sea search second secure seen sell send sense sent series serious serve service set seven several share short
side sign simple simply single sister sit site situation six size skip sleep slow small smart social software soft
solution somebody someone sometimes soon sort sound source space speak special spend spring staff stage stand star
start started starts state stay step stick stop story strategy street strong study stuff style subject sudden sum
summer support sure system table take taken talk task team teams technical template ten term terms test text though
thought three time times tired together tone tool tools top total touch toward town track trade train training travel
tree trip trouble true trust try trying turn two type under understand unit until upon use used user users using client clients prospect prospects champion champions rep reps coming
usual value vendor version view vision visit voice wait walk wall war warm watch water website week weeks weight west
wheel white whole wide win wind window winter wish woman women wonder word words work worked working works world worry
worth write wrong wrote year years young zero platform platforms form internet`);

/** Whether a word is spelled right and says little by itself. */
export function isEveryday(word: string): boolean {
  return commonWords.has(word) || fillerWords.has(word) || negations.has(word);
}
