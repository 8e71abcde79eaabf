import { mount } from '../../ui/mount.tsx'
import { Consent } from '../../ui/screens/consent.tsx'

mount(<Consent />)
