import { mount } from '../../ui/mount.tsx'
import { Capture } from '../../ui/screens/capture.tsx'
import { Consent } from '../../ui/screens/consent.tsx'
import { NoKey } from '../../ui/screens/no-key.tsx'

const asked = new URLSearchParams(location.search)
const key = asked.get('capture')
const selection = asked.get('selection')

if (key !== null) mount(<Capture id={key} />)
else if (selection !== null) mount(<NoKey reason={selection} />)
else mount(<Consent />)
