// The script of every page. Pages work without it; it only makes them quicker and more forgiving.
import { setUpHtmx, onContent } from './htmx';
import { setUpAnswers } from './answers';
import { setUpAutosave } from './autosave';
import { setUpConfirm } from './confirm';
import { setUpDrafts } from './draft';
import { setUpFigures } from './figures';
import { setUpForms } from './forms';
import { setUpHandy } from './handy';
import { setUpHotkeys } from './hotkeys';
import { setUpLive } from './live';
import { setUpPhotos } from './photo';
import { setUpSearch } from './search';
import { setUpShell } from './shell';
import { setUpSince } from './since';
import { setUpSignatures } from './sign';
import { setUpTables } from './tables';
import { setUpToasts } from './toast';

document.documentElement.classList.add('js');
setUpHtmx();
setUpToasts();
setUpAutosave();
setUpConfirm();
setUpForms();
setUpShell();
setUpSearch();
setUpHandy();
setUpHotkeys();
setUpSince();

// These look at the content, and again at whatever htmx brings in.
onContent(setUpTables);
onContent(setUpAnswers);
onContent(setUpSignatures);
onContent(setUpPhotos);
onContent(setUpFigures);
onContent(setUpLive);
onContent(setUpDrafts);
