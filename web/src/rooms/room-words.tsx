import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { problemBeside } from '../lib/api.ts';
import { Form } from '../ui/form.tsx';
import { ItemNote } from '../ui/item-note.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { editRoom, type Room } from './api.ts';
import classes from './room-words.module.css';

/** What the room begins with. */
export function RoomNote({ room: { id, name, note } }: { room: Room }) {
  return (
    <section aria-labelledby="note">
      <h2 id="note" className={classes.label}>
        Your note
      </h2>
      <ItemNote
        note={note}
        title={name}
        mayEdit
        mostLetters={2000}
        invitation="Say in your own words what this is and where to begin"
        onSave={(next) => void editRoom(id, { note: next }).catch(notifyProblem)}
      />
    </section>
  );
}

export function NameSheet({ room, onClose }: { room: Room; onClose: () => void }) {
  const form = useForm({
    initialValues: { name: room.name },
    validate: { name: (value) => (value.trim() === '' ? 'Give the room a name.' : null) },
  });
  const save = useMutation({
    mutationFn: ({ name }: { name: string }) => editRoom(room.id, { name: name.trim() }),
    onSuccess: onClose,
  });
  return (
    <Sheet isOpen onClose={onClose} title="Rename the room">
      <Form
        onSubmit={form.onSubmit((values) => save.mutate(values))}
        submitLabel="Save"
        isSubmitting={save.isPending}
        problem={problemBeside(save.error, form.values)}
      >
        <TextInput
          label="Name"
          description="Everybody with the room reads it, as the title of the page."
          maxLength={120}
          data-autofocus
          {...form.getInputProps('name')}
        />
      </Form>
    </Sheet>
  );
}
